//! Files of arrays, written here byte by byte.

use std::io::Write as _;

use super::*;

fn npy(descr: &str, order: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [&b"\x93NUMPY\x01\0"[..], &length, header.as_bytes(), data].concat()
}

fn npz(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A MATLAB 5 file of arrays of doubles: name, shape, values with the first index fastest.
fn mat(arrays: &[(&str, [i32; 2], Vec<f64>)]) -> Vec<u8> {
    let element = |kind: u32, data: Vec<u8>| {
        let mut bytes = [kind.to_le_bytes(), (data.len() as u32).to_le_bytes()].concat();
        bytes.extend(&data);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    };
    let mut file = vec![b' '; 124];
    file[..19].copy_from_slice(b"MATLAB 5.0 MAT-file");
    file.extend([0, 1, b'I', b'M']);
    for (name, shape, values) in arrays {
        let flags = element(6, [6u32, 0].into_iter().flat_map(u32::to_le_bytes).collect());
        let shape = element(5, shape.iter().flat_map(|n| n.to_le_bytes()).collect());
        let name = element(1, name.as_bytes().to_vec());
        let values = element(9, values.iter().flat_map(|v| v.to_le_bytes()).collect());
        file.extend(element(14, [flags, shape, name, values].concat()));
    }
    file
}

/// Three pictures of two rows and three columns.
const PIXELS: [u8; 18] = [0, 255, 1, 2, 3, 4, 5, 6, 7, 8, 200, 9, 10, 11, 12, 13, 14, 255];
const LABELS: [u8; 3] = [7, 0, 3];

fn check(kind: Kind, bytes: &[u8], options: &Options) {
    let (pictures, _) = read(kind, bytes, options).unwrap();
    assert_eq!((pictures.width_px, pictures.height_px), (3, 2));
    let labels: Vec<u8> = pictures.items.iter().map(|item| item.label as u8).collect();
    let levels: Vec<u8> = pictures.items.into_iter().flat_map(|item| item.levels).collect();
    assert_eq!((&labels[..], &levels[..]), (&LABELS[..], &PIXELS[..]));
}

#[test]
fn pictures_and_labels_are_found_in_npz_in_any_order_and_shape() {
    let labels = npy("|u1", "False", "(3,)", &LABELS);
    let one_hot: Vec<u8> = LABELS.iter().flat_map(|&label| (0..10).map(move |d| u8::from(d == label))).collect();
    let floats: Vec<u8> = PIXELS.iter().flat_map(|&v| f32::from(v).to_le_bytes()).collect();
    for (images, labels) in [
        (npy("|u1", "False", "(3, 2, 3)", &PIXELS), labels.clone()),
        (npy("|u1", "False", "(3, 2, 3, 1)", &PIXELS), labels.clone()),
        (npy("<f4", "False", "(3, 2, 3)", &floats), npy("|u1", "False", "(3, 10)", &one_hot)),
    ] {
        check(Kind::Zip, &npz(&[("imgs.npy", images), ("labels.npy", labels)]), &Options::default());
    }
    let names = npy("<U1", "False", "(3,)", b"a\0\0\0b\0\0\0c\0\0\0");
    let images = npy("|u1", "False", "(3, 2, 3)", &PIXELS);
    let with_names = npz(&[("names.npy", names), ("imgs.npy", images), ("labels.npy", labels.clone())]);
    check(Kind::Zip, &with_names, &Options::default());
    let flat = npz(&[("a.npy", npy("|u1", "False", "(3, 6)", &PIXELS)), ("b.npy", labels)]);
    check(Kind::Zip, &flat, &Options { width_px: Some(3), ..Options::default() });
}

#[test]
fn two_files_of_one_array_each_are_read_and_swapped_ones_are_told() {
    let (images, labels) = (npy("|u1", "False", "(3, 2, 3)", &PIXELS), npy("|u1", "False", "(3,)", &LABELS));
    let (pictures, _) = read_two((Kind::Npy, &images), (Kind::Zip, &npz(&[("arr_0.npy", labels.clone())]))).unwrap();
    assert_eq!((pictures.items.len(), pictures.items[2].label), (3, 3));
    let error = read_two((Kind::Npy, &labels), (Kind::Npy, &images)).err().unwrap();
    assert!(error.to_string().contains("swap the two"), "{error}");
    let error = read(Kind::Npy, &images, &Options::default()).err().unwrap();
    assert!(error.to_string().contains("import idx IMAGES LABELS OUT"), "{error}");
}

#[test]
fn of_keras_arrays_the_training_part_is_taken_and_any_two_can_be_named() {
    let labels = npy("|u1", "False", "(3,)", &LABELS);
    let images = npy("|u1", "False", "(3, 2, 3)", &PIXELS);
    let entries = ["x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"];
    let file = |names: [&str; 4]| {
        let bytes = [&images, &labels, &images, &labels];
        npz(&names.into_iter().zip(bytes.map(Clone::clone)).collect::<Vec<_>>())
    };
    check(Kind::Zip, &file(entries), &Options::default());
    let named = Options {
        arrays: Names { images: Some("x_test".into()), labels: Some("y_test".into()) },
        ..Options::default()
    };
    check(Kind::Zip, &file(entries), &named);
    let error = read(Kind::Zip, &file(["a.npy", "b.npy", "c.npy", "d.npy"]), &Options::default()).err().unwrap();
    assert!(error.to_string().contains("a (3x2x3), b (3), c (3x2x3), d (3); name them with --images"), "{error}");
    let error = read(Kind::Zip, &file(["a.npy", "b.npy", "c.npy", "d.npy"]), &named).err().unwrap();
    assert!(error.to_string().contains("--images x_test: no array has this name"), "{error}");
}

#[test]
fn matlab_arrays_are_read_with_the_first_index_fastest() {
    let columns: Vec<f64> = (0..18).map(|i| f64::from(PIXELS[i % 3 * 6 + i / 3])).collect();
    let labels = LABELS.map(f64::from).to_vec();
    let options = Options { width_px: Some(3), ..Options::default() };
    check(Kind::Mat, &mat(&[("X", [3, 6], columns), ("y", [3, 1], labels.clone())]), &options);
    let rows = PIXELS.map(f64::from).to_vec();
    check(Kind::Mat, &mat(&[("data", [6, 3], rows), ("label", [1, 3], labels)]), &options);
    assert!(read(Kind::Mat, b"MATLAB 5.0 MAT-file", &options).err().unwrap().to_string().contains("damaged"));
}

#[test]
fn colours_become_gray_and_other_archives_are_named() {
    let red = [[255u8, 0, 0], [0, 255, 0], [0, 0, 255], [255; 3]].concat().repeat(2);
    let file =
        npz(&[("x.npy", npy("|u1", "False", "(2, 2, 2, 3)", &red)), ("y.npy", npy("|u1", "False", "(2,)", &[1, 2]))]);
    let (pictures, found) = read(Kind::Zip, &file, &Options::default()).unwrap();
    assert_eq!(pictures.items[0].levels, [76, 150, 29, 255]);
    assert!(found.iter().any(|(_, value)| value.contains("colours made gray")));
    for (name, part) in [("[Content_Types].xml", "save the sheet as CSV"), ("train.csv", "unpack it")] {
        let error = read(Kind::Zip, &npz(&[(name, Vec::new())]), &Options::default()).err().unwrap();
        assert!(error.to_string().contains(part), "{error}");
    }
}
