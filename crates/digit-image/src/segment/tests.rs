use super::*;

/// A page of light paper with dark bars: (left, top, width, height).
fn page(width: u32, height: u32, bars: &[(u32, u32, u32, u32)]) -> RgbPicture {
    let mut picture = RgbPicture::filled(width, height, [245, 244, 240]);
    for &(left, top, across, down) in bars {
        for y in top..(top + down).min(height) {
            let row = &mut picture.pixels[(y * width) as usize..][..width as usize];
            row[left as usize..(left + across).min(width) as usize].fill([40, 40, 60]);
        }
    }
    picture
}

/// A 7 of bars.
fn seven(left: u32, top: u32) -> [(u32, u32, u32, u32); 2] {
    [(left, top, 24, 5), (left + 19, top, 5, 40)]
}

fn lefts(segments: &Segments) -> Vec<Vec<u32>> {
    segments.lines.iter().map(|line| line.iter().map(|found| found.area.left).collect()).collect()
}

#[test]
fn lines_come_from_the_top_and_digits_from_the_left_on_a_page_aslant() {
    // Each line falls by a fifth of a digit from one to the next, more than a digit over the line.
    let places: Vec<(u32, u32)> =
        (0..3).flat_map(|y| (0..8).map(move |x| (20 + 45 * x, 20 + 75 * y + 8 * x))).collect();
    let bars: Vec<_> = places.iter().rev().flat_map(|&(x, y)| seven(x, y)).collect();
    let segments = segment(&page(400, 300, &bars)).unwrap();
    let line: Vec<u32> = (0..8).map(|x| 20 + 45 * x).collect();
    assert_eq!(lefts(&segments), vec![line; 3]);
    let tops: Vec<u32> = segments.lines.iter().map(|line| line[0].area.top).collect();
    assert_eq!(tops, [20, 95, 170]);
}

#[test]
fn ruled_lines_squares_specks_dots_and_dashes_are_no_digits() {
    let mut bars: Vec<_> = [30, 90, 150].iter().flat_map(|&x| seven(x, 40)).collect();
    bars.extend((0..6).map(|y| (0, 10 + 28 * y, 300, 2)));
    bars.extend((0..10).map(|x| (8 + 31 * x, 0, 2, 160)));
    bars.extend([(70, 58, 12, 4), (230, 30, 3, 3), (200, 100, 5, 5), (126, 76, 4, 4)]);
    let segments = segment(&page(300, 160, &bars)).unwrap();
    assert_eq!(lefts(&segments), [[30, 90, 150]]);
}

/// Once, the strokes went with the line, or what was left of them became two digits.
#[test]
fn strokes_along_a_ruled_line_stay() {
    let mut bars: Vec<_> = [30, 150].iter().flat_map(|&x| seven(x, 40)).collect();
    bars.extend((0..6).map(|y| (0, 10 + 28 * y, 300, 2)));
    bars.extend((0..10).map(|x| (8 + 31 * x, 0, 2, 160)));
    // A 1 whose stroke stands beside the line in columns 101 and 102, and a 4 whose bar lies on one in rows 66 and 67.
    bars.extend([(103, 40, 3, 40), (215, 40, 3, 29), (215, 68, 24, 3), (230, 50, 3, 30)]);
    let segments = segment(&page(300, 160, &bars)).unwrap();
    let widths: Vec<u32> = segments.lines[0].iter().map(|found| found.area.width_px).collect();
    assert_eq!((segments.lines.len(), lefts(&segments)[0].len()), (1, 4), "{segments:?}");
    assert!(widths[1] <= 6 && widths[3] == 24, "{widths:?}");
}

#[test]
fn boxes_around_digits_are_none() {
    let mut bars = Vec::new();
    for x in [30, 110, 190] {
        bars.extend(seven(x, 40));
        bars.extend([(x - 20, 25, 64, 3), (x - 20, 92, 64, 3), (x - 20, 25, 3, 70), (x + 41, 25, 3, 70)]);
    }
    assert_eq!(lefts(&segment(&page(270, 120, &bars)).unwrap()), [[30, 110, 190]]);
}

#[test]
fn the_cells_of_a_meter_are_none() {
    let mut bars: Vec<_> = [30, 94, 158, 222].iter().flat_map(|&x| seven(x, 40)).collect();
    bars.extend([(0, 28, 270, 3), (0, 90, 270, 3)]);
    bars.extend([10, 74, 138, 202, 266].map(|x| (x, 28, 3, 62)));
    assert_eq!(lefts(&segment(&page(272, 120, &bars)).unwrap()), [[30, 94, 158, 222]]);
}

#[test]
fn digits_in_pieces_are_one() {
    // The bar of a 5 stands apart; the strokes of a 4 do not meet.
    let five = [(20, 20, 22, 4), (20, 28, 4, 14), (20, 38, 22, 4), (38, 38, 4, 24), (20, 58, 22, 4)];
    let four = [(80, 20, 4, 26), (80, 42, 16, 4), (100, 18, 4, 44)];
    let bars = [&five[..], &four, &seven(150, 21)].concat();
    assert_eq!(lefts(&segment(&page(220, 90, &bars)).unwrap()), [[20, 80, 150]]);
}

#[test]
fn touching_digits_are_said_to_touch() {
    let joined = [&seven(30, 20)[..], &[(50, 40, 15, 4), (65, 20, 5, 40)], &seven(120, 20), &seven(180, 22)].concat();
    let segments = segment(&page(240, 80, &joined)).unwrap();
    let what: Vec<What> = segments.lines[0].iter().map(|found| found.what).collect();
    assert_eq!(what, [What::Touching, What::Digit, What::Digit]);
}

#[test]
fn a_cut_holds_one_digit_in_the_colours_of_the_picture() {
    let bars = [seven(30, 20), seven(60, 20)].concat();
    let picture = page(120, 80, &bars);
    let segments = segment(&picture).unwrap();
    let cut = segments.cut(&picture, &segments.lines[0][0]);
    let dark = cut.pixels.iter().filter(|pixel| pixel[0] < 128).count();
    assert_eq!(dark, 24 * 5 + 5 * 35);
    assert!(cut.width_px > 34 && cut.pixels.iter().all(|pixel| [[40, 40, 60], [245, 244, 240]].contains(pixel)));
}

#[test]
fn a_large_picture_is_cut_as_it_was() {
    let small = page(120, 80, &[seven(30, 20), seven(70, 20)].concat());
    let factor = 25;
    let pixels = (0..80 * factor).flat_map(|y| (0..120 * factor).map(move |x| (x / factor, y / factor)));
    let pixels = pixels.map(|(x, y)| small.pixels[(y * 120 + x) as usize]).collect();
    let picture = RgbPicture { width_px: 120 * factor, height_px: 80 * factor, pixels };
    let segments = segment(&picture).unwrap();
    assert_eq!(segments.lines[0].len(), 2);
    let area = segments.lines[0][0].area;
    assert!(area.left.abs_diff(30 * factor) <= 4 && area.width_px.abs_diff(24 * factor) <= 4, "{area:?}");
}

#[test]
fn paper_and_specks_alone_are_refused() {
    assert_eq!(segment(&page(90, 60, &[])).unwrap_err(), Unfit::NoInk);
    assert_eq!(segment(&page(90, 60, &[(30, 30, 3, 3), (60, 20, 4, 3)])).unwrap_err(), Unfit::OnlySpecks);
}

/// A page under a light: `light` gives what share of it falls on a pixel.
fn lit(mut picture: RgbPicture, light: impl Fn(f64, f64) -> f64) -> RgbPicture {
    let width = picture.width_px as usize;
    for (at, pixel) in picture.pixels.iter_mut().enumerate() {
        let (x, y) = (at % width, at / width);
        // Noise of two levels to either side.
        let noise = ((x * 7919 + y * 104_729) % 5) as f64 - 2.0;
        *pixel = pixel.map(|value| (f64::from(value) * light(x as f64, y as f64) + noise).clamp(0.0, 255.0) as u8);
    }
    picture
}

/// Once, the corner that the edge of a shadow makes with the border was a digit.
#[test]
fn the_edge_of_a_shadow_is_no_digit() {
    let places = [60, 120, 180, 240];
    let bars: Vec<_> = places.iter().flat_map(|&x| seven(x, 60)).collect();
    for soft in [2.0, 20.0, 60.0] {
        for (across, down, far) in [(0.5, 1.0, 110.0), (1.0, 0.3, 150.0), (1.0, -0.8, 40.0)] {
            let shadow = |x: f64, y: f64| ((x * across + y * down - far) / soft).clamp(0.0, 1.0);
            let picture = lit(page(330, 160, &bars), |x, y| 1.0 - 0.6 * shadow(x, y));
            let found = segment(&picture).map(|segments| lefts(&segments));
            let near = |found: &[u32]| found.len() == 4 && found.iter().zip(&places).all(|(a, b)| a.abs_diff(*b) <= 2);
            assert!(found.as_ref().is_ok_and(|f| f.len() == 1 && near(&f[0])), "{soft} {across} {down}: {found:?}");
        }
    }
}

/// Once, the ink was taken for light, as most of the picture was dark.
#[test]
fn a_page_on_half_of_which_no_light_falls_has_dark_ink() {
    let places = [30, 90, 150];
    let bars: Vec<_> = places.iter().flat_map(|&x| seven(x, 40)).collect();
    let picture = lit(page(600, 120, &bars), |x, _| (1.3 - x / 200.0).clamp(0.0, 1.0));
    let found = lefts(&segment(&picture).unwrap());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].len() == 3 && found[0].iter().zip(&places).all(|(a, b)| a.abs_diff(*b) <= 2), "{found:?}");
}
