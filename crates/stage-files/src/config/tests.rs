use super::*;

const SMALL: &str = r#"{"name": "a", "hidden": [32, 16], "optimizer": {"sgd": {"lr": 0.001}}, "epochs": 3}"#;

fn parsed(text: &str) -> anyhow::Result<Config> {
    let config: Config = json::from_bytes(text.as_bytes())?;
    config.check()?;
    Ok(config)
}

#[test]
fn defaults_are_filled_and_the_resolved_config_is_a_config() {
    let config = parsed(SMALL).unwrap();
    assert_eq!((config.batch.get(), config.report, config.shuffle, config.zero_loss), (10, 10, true, 0.005));
    assert_eq!(config.seed_list(), [DEFAULT_SEED]);
    assert_eq!(config.activations(), [ActivationName::Relu; 2]);
    let resolved = Config { data: Some(Data::One("x/y/20x20_info.csv".into())), ..config }.resolved(7);
    assert_eq!(resolved.data, Some(Data::One("20x20_info.csv".into())));
    let again = parsed(std::str::from_utf8(&json::to_bytes(&resolved).unwrap()).unwrap()).unwrap();
    assert_eq!(again, resolved);
}

#[test]
fn every_form_of_the_design_is_read() {
    for (key, value) in [
        ("data", r#""datasets/demo/20x20_info.csv""#),
        ("data", r#"{"train": "a.csv", "test": "b.csv"}"#),
        ("extra_data", r#"["drawn/20x20_info.csv", "more.csv"]"#),
        ("split", r#"{"by": "group", "train": 0.7}"#),
        ("split", r#"{"by": "order"}"#),
        ("split", r#"{"by": "group", "folds": 5}"#),
        ("split", r#"{"by": "row", "folds": 5, "fold": 2}"#),
        ("validation", "0.1"),
        ("augment", r#"{"shift_px": 1.5, "rotate_deg": 10, "scale": 0.1, "shear": 0.2, "thickness": 0.5}"#),
        ("augment", r#"{"elastic": {"sigma_px": 4, "alpha_px": 30}, "erase": 0.3, "noise": 8}"#),
        ("balance", r#"{"styles": 60}"#),
        ("validation", "0.1, \"patience\": 20"),
        ("scale", r#""standard""#),
        ("activation", r#"["tanh", "leaky_relu"]"#),
        ("init", r#""he-2022""#),
        ("init", r#"{"normal": {"std": 0.003}}"#),
        ("init", r#"{"file": "weights.safetensors"}"#),
        ("stop_loss", "0.01"),
        ("stop_loss", "null"),
        ("dropout", "0.25"),
        ("dropout", "[0, 0.5]"),
        ("label_smoothing", "0.1"),
        ("average", r#"{"ema": {"decay": 0.99}}"#),
        ("average", r#"{"swa": {}}"#),
        ("average", "null"),
        ("seeds", "[1, 2, 3]"),
        ("seeds", "5"),
    ] {
        let text = SMALL.replace("\"epochs\"", &format!("\"{key}\": {value}, \"epochs\""));
        parsed(&text).unwrap_or_else(|error| panic!("{key}: {value}: {error:#}"));
    }
    parsed(&SMALL.replace("[32, 16]", "[]")).unwrap();
    for optimizer in [
        r#"{"sgd": {"lr": 0.1, "momentum": 0.9, "nesterov": true, "weight_decay": 1e-4}}"#,
        r#"{"adamw": {"lr": 0.001}}"#,
        r#"{"adamw": {"lr": 0.001, "beta1": 0, "beta2": 0.99, "epsilon": 1e-6, "weight_decay": 0}}"#,
        r#"{"sgd": {"lr": 0.1, "schedule": {"constant": {"warmup": 0.5}}}}"#,
        r#"{"sgd": {"lr": 0.1, "schedule": {"step": {"every": 2, "factor": 0.5}}}}"#,
        r#"{"sgd": {"lr": 0.1, "schedule": {"cosine": {"floor": 0.01, "warmup": 2}}}}"#,
        r#"{"adamw": {"lr": 0.1, "schedule": {"one_cycle": {"rise": 0.2}}}}"#,
    ] {
        let text = SMALL.replace(r#"{"sgd": {"lr": 0.001}}"#, optimizer);
        let config = parsed(&text).unwrap_or_else(|error| panic!("{optimizer}: {error:#}"));
        let again = json::to_bytes(&config.resolved(1)).unwrap();
        assert_eq!(parsed(std::str::from_utf8(&again).unwrap()).unwrap(), config.resolved(1), "{optimizer}");
    }
}

#[test]
fn what_is_impossible_is_refused_with_the_key() {
    for (from, to, parts) in [
        ("0.001", "0", ["optimizer.sgd.lr", "above 0"]),
        ("0.001", "-0.5", ["optimizer.sgd.lr", "found -0.5"]),
        ("0.001", "NaN", ["line 1", ""]),
        ("0.001", "\"fast\"", ["optimizer.sgd.lr", "string"]),
        ("\"lr\"", "\"learnrate\"", ["unknown field `learnrate`", "lr"]),
        ("0.001", "1e-60", ["optimizer.sgd.lr", "found 1e-60"]),
        ("0.001", "1, \"momentum\": 1", ["optimizer.sgd.momentum", "below 1, found 1"]),
        ("0.001", "1, \"nesterov\": true", ["optimizer.sgd.nesterov", "`momentum` above 0"]),
        ("0.001", "1, \"weight_decay\": -1", ["optimizer.sgd.weight_decay", "found -1"]),
        ("0.001", "1, \"schedule\": \"cosine\"", ["optimizer.sgd.schedule.cosine", "write {\"cosine\": {}}"]),
        ("0.001", "1, \"schedule\": {\"linear\": {}}", ["unknown variant `linear`", "one_cycle"]),
        ("0.001", "1, \"schedule\": {\"step\": {\"every\": 0}}", ["schedule.step.every", "found 0"]),
        ("0.001", "1, \"schedule\": {\"cosine\": {\"warmup\": 3}}", ["cosine.warmup", "less than the 3 epochs"]),
        ("0.001", "1, \"beta1\": 0.9", ["unknown field `beta1`", "momentum"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"dropout\": 1", ["dropout", "below 1"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"dropout\": [0.5]", ["dropout", "list of 2"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"label_smoothing\": 1", ["label_smoothing", "below 1"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"average\": {\"ema\": {}}", ["average.ema", "missing field `decay`"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"activation\": \"rellu\"", ["activation", "leaky_relu"]),
        ("\"epochs\": 3", "\"epochs\": 0", ["epochs", "found 0"]),
        ("\"epochs\": 3", "\"epochs\": -1", ["epochs", "-1"]),
        ("\"epochs\": 3", "\"epoch\": 3", ["unknown field `epoch`", "epochs"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"batch\": 0", ["batch", "found 0"]),
        ("[32, 16]", "[0]", ["hidden[0]", "found 0"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"activation\": [\"relu\"]", ["activation", "list of 2"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"split\": {\"by\": \"row\", \"train\": 1}", ["split.train", "found 1"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"split\": {\"by\": \"row\", \"folds\": 1}", ["split.folds", "found 1"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"validation\": 1", ["validation", "found 1"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"patience\": 5", ["patience", "`validation` beside it"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"augment\": {\"rotate\": 5}", ["augment", "rotate_deg"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"augment\": {\"rotate_deg\": 181}", ["augment.rotate_deg", "0 to 180"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"augment\": {\"shift_px\": -1}", ["augment.shift_px", "found -1"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"augment\": {\"thickness\": 2}", ["augment.thickness", "found 2"]),
        (
            "\"epochs\": 3",
            "\"epochs\": 3, \"augment\": {\"elastic\": {\"sigma_px\": 0, \"alpha_px\": 1}}",
            ["augment.elastic.sigma_px", "above 0"],
        ),
        (
            "\"epochs\": 3",
            "\"epochs\": 3, \"augment\": {\"elastic\": {\"sigma_px\": 4}}",
            ["augment.elastic", "alpha_px"],
        ),
        ("\"epochs\": 3", "\"epochs\": 3, \"seeds\": []", ["seeds", "at least one"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"seed\": 1, \"seeds\": 2", ["seeds", "both"]),
        ("\"a\"", "\"../a\"", ["name", "../a"]),
        ("\"epochs\": 3", "\"epochs\": 3, \"epochs\": 4", ["duplicate field", "epochs"]),
    ] {
        let text = SMALL.replace(from, to);
        let Err(error) = parsed(&text) else { panic!("accepted {text}") };
        for part in parts {
            assert!(format!("{error:#}").contains(part), "{text}: {error:#}");
        }
        assert!(crate::is_refused(&error));
    }
}
