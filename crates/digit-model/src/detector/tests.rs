use super::*;
use stage_files::config::Scale;

const CANVAS: Canvas = Canvas { width_px: 4, height_px: 4 };

/// The same network on the same pictures, whatever the scaling of its inputs.
#[test]
fn a_detector_takes_any_scaling() {
    let shape = Architecture::new(CANVAS.pixels(), &HIDDEN, &[Activation::Relu; 2], 2).unwrap();
    let learned = Network::new(shape, Init::He, &mut Stream::new(1, Purpose::Init));
    let mut stream = Stream::new(1, Purpose::Augmentation);
    let pixels: Vec<u8> = (0..3 * CANVAS.pixels()).map(|_| stream.below(256) as u8).collect();
    let of_scaling = |scale, invert, standard| {
        let scaling = Scaling { scale, invert, standard };
        let mut network = learned.clone();
        take_scaled(&mut network, &scaling);
        let detector = Detector { network, temperature: 1.0 };
        detector.logits(&scaling.inputs(&pixels, CANVAS.pixels()), 3, KernelPath::detect())
    };
    let expected = of_scaling(Scale::Unit, true, None);
    let standard = Some(((0..16).map(|i| 10.0 * i as f32).collect(), (0..16).map(|i| 0.5 + i as f32).collect()));
    for (scale, invert, standard) in [
        (Scale::Raw, true, None),
        (Scale::Raw, false, None),
        (Scale::Unit, false, None),
        (Scale::Standard, true, standard),
    ] {
        for (found, expected) in of_scaling(scale, invert, standard).iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-4, "{scale:?} {invert}: {found}, expected {expected}");
        }
    }
}
