//! Preprocessing from outside: whatever the pen, the paper and the light, a digit comes out as the same digit.

mod files;
mod sketch;

use digit_image::preprocess::{Pipeline, STEPS};
use digit_image::raster::GrayPicture;
use digit_image::reader::PictureReader;
use digit_image::segment::segment;
use sketch::Sheet;
use stage_files::picture::{Alpha, Canvas, PictureSettings};

const WHITE: [u8; 3] = [255; 3];
const BLACK: [u8; 3] = [0; 3];
const MAX_PIXELS: u64 = 100_000_000;

fn reader(steps: &str) -> PictureReader {
    let preprocess = Pipeline::parse(steps).unwrap().to_json();
    PictureReader::new(&PictureSettings { canvas: Canvas::DEFAULT, alpha: Alpha::White, preprocess }).unwrap()
}

fn pixels(bytes: &[u8]) -> Vec<u8> {
    reader("standard").read(bytes, MAX_PIXELS).unwrap_or_else(|error| panic!("{error}")).pixels
}

fn refused(sheet: &Sheet) -> String {
    match reader("standard").read(&sheet.png(), MAX_PIXELS) {
        Ok(_) => panic!("expected a refusal"),
        Err(error) => error.to_string(),
    }
}

/// Black on white in the middle of a picture of a scanner's size.
fn plain(digit: u8) -> Sheet {
    Sheet::new(100, 100, WHITE).digit(digit, (30.0, 22.0), 56.0, 0.0, 5.0, BLACK)
}

fn difference(left: &[u8], right: &[u8]) -> f64 {
    left.iter().zip(right).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / left.len() as f64
}

/// Checks that `make` of each digit looks like the plain one, and less like every other.
fn looks_like_the_plain_one(what: &str, make: impl Fn(u8) -> Vec<u8>) {
    looks_like_the_plain_one_within(55.0, what, make);
}

/// The same with the greatest difference from the plain one, in gray levels.
fn looks_like_the_plain_one_within(most: f64, what: &str, make: impl Fn(u8) -> Vec<u8>) {
    let plain: Vec<Vec<u8>> = (0..10).map(|digit| pixels(&plain(digit).png())).collect();
    for digit in 0..10 {
        let found = pixels(&make(digit));
        let distances: Vec<f64> = plain.iter().map(|plain| difference(&found, plain)).collect();
        let nearest = (0..10).min_by(|&a, &b| distances[a].total_cmp(&distances[b])).unwrap();
        let own = distances[usize::from(digit)];
        assert!(nearest == usize::from(digit) && own < most, "{what}, digit {digit}: {distances:.1?}");
    }
}

#[test]
fn any_ink_on_any_paper() {
    for (what, paper, ink) in [
        ("blue pen", [250, 250, 245], [60, 80, 190]),
        ("pencil", [240, 240, 235], [190, 190, 188]),
        ("yellow on white", WHITE, [250, 240, 90]),
        ("red on green of the same gray", [60, 170, 60], [220, 87, 60]),
        ("black on yellow paper", [250, 230, 120], [20, 20, 20]),
        ("white chalk on black", [12, 14, 12], [235, 235, 230]),
        ("yellow chalk on a green board", [30, 80, 50], [230, 220, 120]),
        ("dark on dark paper", [70, 60, 90], [15, 10, 20]),
    ] {
        looks_like_the_plain_one(what, |digit| {
            Sheet::new(120, 110, paper).digit(digit, (40.0, 25.0), 60.0, 0.0, 5.0, ink).png()
        });
    }
}

#[test]
fn any_place_size_thickness_and_slant() {
    for (what, side, at, height, slant, thickness) in [
        ("small in a corner", 200, (20.0, 15.0), 50.0, 0.0, 4.0),
        ("small at the other corner", 200, (150.0, 140.0), 48.0, 0.0, 4.0),
        ("filling the picture", 100, (16.0, 4.0), 92.0, 0.0, 8.0),
        ("thin", 300, (80.0, 50.0), 200.0, 0.0, 3.0),
        ("thick", 100, (30.0, 20.0), 60.0, 0.0, 11.0),
        ("slanted to the right", 160, (50.0, 40.0), 80.0, 0.4, 6.0),
        ("slanted to the left", 160, (50.0, 40.0), 80.0, -0.3, 6.0),
        ("28 pixels, as MNIST", 28, (7.0, 4.0), 19.0, 0.0, 2.4),
        ("20 pixels", 20, (3.5, 1.5), 17.0, 0.0, 2.2),
        ("large", 1500, (400.0, 300.0), 900.0, 0.0, 60.0),
    ] {
        looks_like_the_plain_one(what, |digit| {
            Sheet::new(side, side, WHITE).digit(digit, at, height, slant, thickness, BLACK).png()
        });
    }
}

#[test]
fn uneven_light_shadows_noise_and_dithering() {
    let drawn = |digit| Sheet::new(160, 150, [235, 232, 225]).digit(digit, (50.0, 35.0), 80.0, 0.0, 6.0, [50, 50, 70]);
    let noise = |x: f64, y: f64| {
        let mixed = ((x * 16000.0) as u64 * 7919 + (y * 15000.0) as u64 * 104_729).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 40) as f64 / f64::from(1 << 24)
    };
    let scaled = |colour: [u8; 3], light: f64| colour.map(|sample| (f64::from(sample) * light).round() as u8);
    looks_like_the_plain_one("light from one corner", |digit| {
        drawn(digit).map(|x, y, colour| scaled(colour, 1.0 - 0.35 * x - 0.25 * y)).png()
    });
    looks_like_the_plain_one("dark corners", |digit| {
        drawn(digit).map(|x, y, c| scaled(c, 1.0 - 1.2 * ((x - 0.5).powi(2) + (y - 0.5).powi(2)))).png()
    });
    looks_like_the_plain_one("a soft shadow over one half", |digit| {
        drawn(digit).map(|x, _, c| scaled(c, if x < 0.4 { 0.6 } else { (0.6 + (x - 0.4) * 2.0).min(1.0) })).png()
    });
    looks_like_the_plain_one("a noisy camera", |digit| {
        drawn(digit).map(|x, y, c| scaled(c, 0.85 + 0.1 * noise(x, y))).png()
    });
    looks_like_the_plain_one("black and white with the ink dithered", |digit| {
        drawn(digit).map(|x, y, c| if c[0] < 200 && noise(x, y) < 0.7 { BLACK } else { WHITE }).png()
    });
}

/// Noise over a sheet, from 0 to 1.
fn grain(x: f64, y: f64) -> f64 {
    let mixed = ((x * 16000.0) as u64 * 7919 + (y * 15000.0) as u64 * 104_729).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 40) as f64 / f64::from(1 << 24)
}

#[test]
fn shadows_with_edges_and_tables_are_no_ink() {
    let drawn =
        |digit| Sheet::new(320, 300, [225, 221, 214]).digit(digit, (110.0, 70.0), 150.0, 0.0, 9.0, [40, 40, 60]);
    let scaled = |colour: [u8; 3], light: f64| colour.map(|sample| (f64::from(sample) * light).round() as u8);
    looks_like_the_plain_one("the hard edge of a shadow across the digit", |digit| {
        drawn(digit).map(|x, y, colour| scaled(colour, if x + 0.4 * y > 0.7 { 0.5 } else { 1.0 })).png()
    });
    looks_like_the_plain_one("a shadow with a soft edge", |digit| {
        drawn(digit).map(|x, y, c| scaled(c, 1.0 - 0.5 * ((x + 0.3 * y - 0.6) / 0.15).clamp(0.0, 1.0))).png()
    });
    looks_like_the_plain_one("a table at one side", |digit| {
        drawn(digit).map(|x, y, c| if x + 0.05 * y > 0.85 { [70, 50, 35] } else { c }).png()
    });
    looks_like_the_plain_one("a rough table at two sides", |digit| {
        let table = |x, y| scaled([150, 115, 75], 0.8 + 0.3 * grain(x, y));
        drawn(digit).map(|x, y, c| if x < 0.15 + 0.04 * y || y > 0.88 - 0.05 * x { table(x, y) } else { c }).png()
    });
}

#[test]
fn thin_chalk_on_a_large_dusty_board_is_the_ink_and_not_the_board_between() {
    looks_like_the_plain_one("chalk from afar", |digit| {
        let board = Sheet::new(400, 300, [45, 75, 60]).digit(digit, (170.0, 100.0), 90.0, 0.0, 4.5, [225, 225, 220]);
        board.map(|x, y, colour| colour.map(|sample| sample.saturating_add((30.0 * grain(x, y)) as u8))).png()
    });
}

#[test]
fn lines_of_one_pixel_in_large_pictures_are_no_specks() {
    // Strokes without breadth, made broad again, have their corners elsewhere.
    looks_like_the_plain_one_within(60.0, "one pixel", |digit| {
        Sheet::new(900, 700, WHITE).digit(digit, (350.0, 150.0), 400.0, 0.0, 1.0, BLACK).png()
    });
}

#[test]
fn frames_lines_and_specks_go() {
    let gray = [150; 3];
    looks_like_the_plain_one("pieces of a frame at two sides", |digit| {
        let mut sheet = plain(digit);
        sheet.line((-10.0, 1.0), (110.0, 3.0), 4.0, [220, 60, 60]);
        sheet.line((98.0, -10.0), (99.0, 110.0), 3.0, gray);
        sheet.png()
    });
    looks_like_the_plain_one("a box around the digit", |digit| {
        let mut sheet = Sheet::new(140, 140, WHITE).digit(digit, (50.0, 42.0), 56.0, 0.0, 5.0, BLACK);
        let corners = [(12.0, 12.0), (128.0, 12.0), (128.0, 128.0), (12.0, 128.0), (12.0, 12.0)];
        corners.windows(2).for_each(|pair| sheet.line(pair[0], pair[1], 2.0, BLACK));
        sheet.png()
    });
    looks_like_the_plain_one("ruled paper", |digit| {
        let mut sheet = plain(digit);
        for y in [12.0, 40.5, 69.0, 90.0] {
            sheet.line((-5.0, y), (105.0, y + 1.0), 1.6, [120, 150, 220]);
        }
        sheet.png()
    });
    looks_like_the_plain_one("specks", |digit| {
        let mut sheet = plain(digit);
        for at in [(10.0, 10.0), (90.0, 20.0), (15.0, 85.0), (92.0, 93.0), (80.0, 88.0)] {
            sheet.line(at, at, 2.5, BLACK);
        }
        sheet.png()
    });
}

/// Cells cut along the lines of their table, small and large, the lines a little askew and touched by the digit.
#[test]
fn the_lines_of_a_cell_go_and_its_paper_is_no_ink() {
    for (width, height, tall, thick) in [(100, 90, 64.0, 1.5), (60, 64, 44.0, 1.0), (36, 40, 27.0, 1.0)] {
        for (askew, at) in [(0.0, (0.34, 0.14)), (0.02, (0.4, 0.2)), (-0.015, (0.3, 0.16))] {
            let (right, bottom) = (width as f64, height as f64);
            let at = (at.0 * right, at.1 * bottom);
            looks_like_the_plain_one_within(66.0, &format!("cell of {width} by {height}, askew {askew}"), |digit| {
                let sheet = Sheet::new(width, height, [244, 243, 238]);
                let mut sheet = sheet.digit(digit, at, tall, 0.0, tall / 12.0, [40, 50, 120]);
                let (along, down) = (askew * right, askew * bottom);
                sheet.line((-2.0, 1.0), (right + 2.0, 1.0 + along), thick, [70; 3]);
                sheet.line((-2.0, bottom - 2.0 - along), (right + 2.0, bottom - 2.0), thick, [70; 3]);
                sheet.line((1.0 - down, -2.0), (1.0, bottom + 2.0), thick, [70; 3]);
                sheet.line((right - 2.0, -2.0), (right - 2.0 + down, bottom + 2.0), thick, [70; 3]);
                sheet.png()
            });
        }
    }
}

#[test]
fn a_plain_canvas_around_the_paper_is_cut_off() {
    for canvas in [WHITE, BLACK, [0, 120, 60]] {
        for (side, margin) in [(60, 20), (120, 50), (90, 4)] {
            let whole = side + 2 * margin;
            let tall = 0.7 * side as f64;
            let at = (margin as f64 + 0.25 * side as f64, margin as f64 + 0.15 * side as f64);
            looks_like_the_plain_one(&format!("{side} pixels and {margin} of {canvas:?}"), |digit| {
                let paper = Sheet::new(whole, whole, [165, 160, 150]).digit(digit, at, tall, 0.0, tall / 11.0, [45; 3]);
                let inside = |place: f64| (margin..margin + side).contains(&((place * whole as f64) as usize));
                paper.map(|x, y, colour| if inside(x) && inside(y) { colour } else { canvas }).png()
            });
        }
    }
}

/// Photographs of some dozens of pixels: a thick dark stroke on gray or beige paper, the next line in sight.
#[test]
fn dark_ink_on_small_photographs_is_not_taken_for_the_gaps_of_light_ink() {
    for (what, paper) in [("beige", [200, 185, 172]), ("gray", [130, 129, 126])] {
        for strip in [0.0, 0.04, 0.1] {
            looks_like_the_plain_one_within(60.0, &format!("{what} with a strip of {strip}"), |digit| {
                let sheet = Sheet::new(55, 78, paper).digit(digit, (15.0, 12.0), 44.0, 0.0, 7.0, [70, 66, 74]);
                let darker = |colour: [u8; 3]| colour.map(|sample| (0.85 * f64::from(sample)) as u8);
                sheet.map(|_, y, colour| if y > 1.0 - strip { darker(colour) } else { colour }).png()
            });
        }
    }
}

#[test]
fn a_ruled_line_along_the_lower_edge_goes_and_the_bar_of_a_tight_digit_stays() {
    for (at, rise, thick) in [(0.93, 0.0, 1.5), (0.97, -0.05, 2.0), (0.9, 0.04, 1.2), (0.8, 0.12, 1.5)] {
        looks_like_the_plain_one(&format!("line at {at}, rising {rise}"), |digit| {
            let mut sheet = Sheet::new(110, 80, [215, 212, 204]).digit(digit, (38.0, 14.0), 46.0, 0.0, 4.5, [60; 3]);
            sheet.line((-5.0, at * 80.0), (115.0, (at + rise) * 80.0), thick, [130; 3]);
            sheet.png()
        });
    }
    for digit in [2, 5, 7] {
        let tight = |height: usize| Sheet::new(40, height, WHITE).digit(digit, (0.0, 0.0), 56.0, 0.0, 5.0, BLACK);
        let found = difference(&pixels(&tight(57).png()), &pixels(&plain(digit).png()));
        assert!(found < 55.0, "tightly cut {digit}: {found}");
    }
}

/// Once, thin strokes were made thicker over the border of the canvas.
#[test]
fn no_stroke_is_cut_off_however_thin_it_was_and_fat_ones_keep_their_shape() {
    for digit in 0..10 {
        let drawn = |thickness: f64| {
            let sheet = Sheet::new(300, 300, WHITE).digit(digit, (90.0, 60.0), 170.0, 0.0, thickness, BLACK);
            pixels(&sheet.png())
        };
        let usual = drawn(12.0);
        for thickness in [1.0, 3.0, 5.0, 24.0, 34.0] {
            let found = drawn(thickness);
            let own = difference(&found, &usual);
            assert!(own < 48.0, "{digit} of {thickness} px: {own}");
            let at_border = |pixels: &[u8]| {
                let border = (0..400).filter(|at| at / 20 % 19 == 0 || at % 20 % 19 == 0);
                border.map(|at| 255.0 - f64::from(pixels[at])).sum::<f64>() / 76.0
            };
            assert!(at_border(&found) < at_border(&usual) + 30.0, "{digit} of {thickness} px runs over the border");
        }
    }
}

#[test]
fn pictures_of_few_pixels_show_the_shape_that_was_shrunk() {
    for (side, within) in [(12, 62.0), (16, 55.0), (20, 55.0), (28, 55.0)] {
        looks_like_the_plain_one_within(within, &format!("{side} pixels a side"), |digit| {
            let tall = 0.75 * side as f64;
            let at = (0.25 * side as f64, 0.12 * side as f64);
            Sheet::new(side, side, WHITE).digit(digit, at, tall, 0.0, 0.11 * side as f64, BLACK).png()
        });
    }
}

#[test]
fn several_digits_are_refused_whichever_way_they_stand() {
    let sheet = |columns: usize, rows: usize| {
        let mut sheet = Sheet::new(20 + 70 * columns, 20 + 90 * rows, WHITE);
        for at in 0..columns * rows {
            let place = (30.0 + 70.0 * (at % columns) as f64, 25.0 + 90.0 * (at / columns) as f64);
            sheet = sheet.digit((at % 10) as u8, place, 55.0, 0.0, 4.0, BLACK);
        }
        sheet
    };
    for (columns, rows) in [(1, 2), (1, 3), (2, 2), (5, 1), (3, 4), (10, 10)] {
        let message = refused(&sheet(columns, rows));
        let found = message.strip_prefix("several digits: expected one digit, found ");
        let found = found.unwrap_or_else(|| panic!("{columns} x {rows}: {message}"));
        let count: usize = found.split(';').next().unwrap().parse().unwrap();
        assert!((2..=columns * rows).contains(&count), "{columns} x {rows}: {message}");
    }
}

#[test]
fn a_transparent_ground_is_paper() {
    looks_like_the_plain_one("ink on nothing", |digit| {
        let sheet = plain(digit);
        let rows: Vec<u8> = sheet
            .pixels
            .chunks_exact(sheet.width)
            .flat_map(|row| {
                let pixels = row.iter().flat_map(|&[value, ..]| [0, 0, 0, 255 - value]);
                std::iter::once(0).chain(pixels).collect::<Vec<u8>>()
            })
            .collect();
        files::Png::new(sheet.width as u32, sheet.height as u32, 6, &rows).bytes()
    });
}

#[test]
fn what_is_not_one_whole_digit_is_refused_with_its_reason() {
    for (width, height) in [(100, 100), (1, 1), (9000, 3), (3, 2000)] {
        for colour in [WHITE, BLACK, [120, 130, 140]] {
            let message = refused(&Sheet::new(width, height, colour));
            assert!(message.starts_with("no ink: expected one digit, found a blank picture"), "{message}");
        }
    }
    let mut dot = Sheet::new(100, 100, WHITE);
    dot.line((50.0, 50.0), (50.0, 50.0), 3.0, BLACK);
    assert!(refused(&dot).starts_with("no ink: expected one digit, found only specks"), "{}", refused(&dot));
    let two = Sheet::new(200, 100, WHITE).digit(3, (30.0, 20.0), 60.0, 0.0, 5.0, BLACK);
    let two = two.digit(5, (110.0, 22.0), 60.0, 0.0, 5.0, BLACK);
    assert!(refused(&two).starts_with("several digits: expected one digit, found 2;"), "{}", refused(&two));
    let near = Sheet::new(200, 100, WHITE).digit(3, (50.0, 20.0), 60.0, 0.0, 5.0, BLACK);
    let near = near.digit(7, (106.0, 22.0), 60.0, 0.0, 5.0, BLACK);
    assert!(refused(&near).starts_with("several digits: expected one digit, found 2"), "{}", refused(&near));
    let cut = Sheet::new(100, 100, WHITE).digit(0, (76.0, 20.0), 60.0, 0.0, 5.0, BLACK);
    let message = refused(&cut);
    assert!(message.starts_with("cut at the border: expected a whole digit"), "{message}");
    assert!(message.contains("the right side"), "{message}");
    let mut dash = Sheet::new(400, 60, WHITE);
    dash.line((40.0, 30.0), (350.0, 30.0), 6.0, BLACK);
    assert!(refused(&dash).starts_with("too wide: expected one digit, found ink"), "{}", refused(&dash));
}

#[test]
fn tightly_cut_digits_are_not_taken_for_cut_off_ones() {
    for digit in 0..10 {
        let sheet = Sheet::new(40, 56, WHITE).digit(digit, (0.0, 0.0), 56.0, 0.0, 6.0, BLACK);
        pixels(&sheet.png());
    }
}

#[test]
fn steps_alone_and_in_unusual_order_do_what_they_say() {
    let bytes = Sheet::new(100, 80, WHITE).digit(7, (20.0, 10.0), 50.0, 0.3, 5.0, [90; 3]).png();
    for steps in ["none", "limit", "ink", "deskew", "fit", "thickness", "canny", "fit,deskew,fit:aspect=stretch,canny"]
    {
        let picture = reader(steps).read(&bytes, MAX_PIXELS).unwrap();
        assert_eq!(picture.pixels.len(), 400, "{steps}");
        let ink = picture.pixels.iter().filter(|&&value| value < 200).count();
        assert!((5..300).contains(&ink), "{steps}: {ink}");
    }
}

/// As found by a fuzzer: a picture of one pixel of ink.
#[test]
fn each_step_takes_the_smallest_pictures() {
    let names = STEPS.iter().map(|step| step.name).chain(["standard"]);
    for (name, (width_px, height_px)) in
        names.flat_map(|name| [(1, 1), (1, 2), (2, 1), (3, 3)].map(|size| (name, size)))
    {
        for value in [0, 100, 255] {
            let picture = GrayPicture::filled(width_px, height_px, value);
            let file = format!("P2 {width_px} {height_px} 255 {}", "0 ".repeat(9).replace('0', &value.to_string()));
            if let Ok(gray) = reader(name).read(file.as_bytes(), 100) {
                assert_eq!(gray.pixels.len(), 400, "{name}");
            }
            let _segments = segment(&picture.map(|gray| [gray; 3]));
        }
    }
}
