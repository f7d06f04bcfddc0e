//! A list of steps, as text on the command line and as JSON in `stage.json` and model files.
//!
//! Text: `STEP,STEP,..`, a step being `NAME` or `NAME:KEY=VALUE:KEY=VALUE..`; or one of the words `none` and
//! `standard`. JSON: `[{"ink": {"version": 1, "window": 0.5, ..}}, ..]`, with every setting.

use std::fmt;

use serde_json::{Map, Value as Json};
use stage_files::picture::Canvas;
use stage_files::suggest::did_you_mean;

use super::step::{Context, Domain, Image, Setting, StepKind, Unfit, Value, Work};
use super::steps::{STANDARD, STEPS};
use crate::decode::png::plain_gray;
use crate::raster::{GrayPicture, RgbPicture};

/// A step with its settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    kind: &'static StepKind,
    /// One for each of the kind's settings, in their order.
    values: Vec<Value>,
}

/// Pipeline in order, checked: each can follow the one before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pipeline(Vec<Step>);

impl Pipeline {
    /// The steps in order.
    pub fn as_slice(&self) -> &[Step] {
        &self.0
    }

    /// Whether the first step wants the picture's colours.
    pub fn starts_from_colour(&self) -> bool {
        self.0.first().is_some_and(|step| matches!(step.kind.work, Work::OnFile(_)))
    }

    /// Reads the text form.
    ///
    /// # Errors
    /// What was expected and what was found.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::default()),
            "standard" => Self::parse(STANDARD),
            "" => Err("expected none, standard or steps such as ink,deskew,fit, found nothing".to_owned()),
            _ => text.split(',').map(Step::parse).collect::<Result<Vec<_>, _>>().and_then(Self::checked),
        }
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// What was expected and what was found.
    pub fn from_json(values: &[Json]) -> Result<Self, String> {
        values.iter().map(Step::from_json).collect::<Result<Vec<_>, _>>().and_then(Self::checked)
    }

    /// The JSON form, every setting written out.
    pub fn to_json(&self) -> Vec<Json> {
        self.0.iter().map(Step::to_json).collect()
    }

    /// Takes a picture through all steps; `seen` is shown the picture after each.
    ///
    /// # Errors
    /// [`Unfit`]: there is no single whole digit in it.
    pub fn apply(&self, canvas: Canvas, picture: Image, mut seen: impl FnMut(&Step, &Image)) -> Result<Image, Unfit> {
        self.as_slice().iter().try_fold(picture, |picture, step| {
            let context = Context { canvas, settings: step.kind.settings, values: &step.values };
            let after = match (step.kind.work, picture) {
                (Work::OnFile(run), Image::Rgb(picture)) => run(&context, &picture)?,
                // Lists that begin later begin with a gray picture, so this is a gray picture seen as colours.
                (Work::OnFile(run), Image::Gray(picture)) => run(&context, &picture.map(|gray| [gray; 3]))?,
                (Work::OnGray(run), Image::Gray(picture)) => Image::Gray(run(&context, &picture)?),
                (Work::OnGray(run), Image::Rgb(picture)) => Image::Gray(run(&context, &gray_of(&picture))?),
            };
            seen(step, &after);
            Ok(after)
        })
    }

    fn checked(steps: Vec<Step>) -> Result<Self, String> {
        for (at, pair) in steps.windows(2).enumerate() {
            let [before, after] = pair else { continue };
            let on_file = |step: &Step| matches!(step.kind.work, Work::OnFile(_));
            let gives_gray = !on_file(before) || before.kind.name == "ink";
            if on_file(after) && gives_gray {
                return Err(format!(
                    "step {} `{}` works on the picture as it is in the file, expected it before `{}`; steps in this \
                     order: limit, ink, then the others",
                    at + 2,
                    after.kind.name,
                    before.kind.name
                ));
            }
        }
        Ok(Self(steps))
    }
}

impl fmt::Display for Pipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        for (at, step) in self.0.iter().enumerate() {
            write!(f, "{}{step}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

/// The step with the settings that are not the default ones.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name)?;
        for (setting, value) in self.kind.settings.iter().zip(&self.values) {
            match value {
                value if *value == setting.default() => {}
                Value::Number(number) => write!(f, ":{}={number}", setting.name)?,
                Value::Word(word) => write!(f, ":{}={word}", setting.name)?,
            }
        }
        Ok(())
    }
}

impl Step {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.kind.name
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.split(':');
        let kind = kind_of(parts.next().unwrap_or_default())?;
        let mut given: Vec<(&str, &str)> = Vec::new();
        for part in parts {
            let pair = part.split_once('=').filter(|(key, value)| !key.is_empty() && !value.is_empty());
            let (key, value) =
                pair.ok_or_else(|| format!("step `{}`: expected KEY=VALUE, found `{part}`", kind.name))?;
            if given.iter().any(|(before, _)| *before == key) {
                return Err(format!("step `{}`: `{key}` is given twice; give it once", kind.name));
            }
            given.push((key, value));
        }
        Self::with(kind, given.iter().map(|&(key, value)| (key, Given::Text(value))))
    }

    fn from_json(value: &Json) -> Result<Self, String> {
        let wrong = || format!("expected a preprocessing step such as {{\"ink\": {{\"version\": 1}}}}, found {value}");
        let object = value.as_object().filter(|object| object.len() == 1).ok_or_else(wrong)?;
        let (name, settings) = object.iter().next().ok_or_else(wrong)?;
        let kind = kind_of(name)?;
        let settings = settings.as_object().ok_or_else(wrong)?;
        let version = settings.get("version").ok_or_else(wrong)?;
        if version.as_u64() != Some(u64::from(kind.version)) {
            return Err(format!(
                "step `{name}` has version {version}, expected {}; use the version of this program that made it, or \
                 make the data set again",
                kind.version
            ));
        }
        let given = settings.iter().filter(|(key, _)| *key != "version");
        let step = Self::with(kind, given.map(|(key, value)| (key.as_str(), Given::Json(value))))?;
        match kind.settings.iter().find(|setting| !settings.contains_key(setting.name)) {
            Some(missing) => Err(format!("step `{name}`: expected a value for `{}`, found none", missing.name)),
            None => Ok(step),
        }
    }

    fn with<'a>(kind: &'static StepKind, given: impl Iterator<Item = (&'a str, Given<'a>)>) -> Result<Self, String> {
        let mut values: Vec<Value> = kind.settings.iter().map(Setting::default).collect();
        for (key, given) in given {
            let at = kind.settings.iter().position(|setting| setting.name == key).ok_or_else(|| {
                let names: Vec<&str> = kind.settings.iter().map(|setting| setting.name).collect();
                let near = did_you_mean(key, names.iter().copied());
                format!("step `{}`: expected one of the settings {}, found `{key}`{near}", kind.name, names.join(", "))
            })?;
            values[at] = given.check(&kind.settings[at]).map_err(|(expected, found)| {
                format!("step `{}`: expected {expected} for `{key}`, found `{found}`", kind.name)
            })?;
        }
        Ok(Self { kind, values })
    }

    fn to_json(&self) -> Json {
        let mut settings = Map::new();
        settings.insert("version".into(), self.kind.version.into());
        for (setting, value) in self.kind.settings.iter().zip(&self.values) {
            let value = match *value {
                Value::Number(number) => number.into(),
                Value::Word(word) => word.into(),
            };
            settings.insert(setting.name.into(), value);
        }
        Json::Object(Map::from_iter([(self.kind.name.to_owned(), Json::Object(settings))]))
    }
}

/// OpenCV's weights, for a list that shrinks a colour picture and does not separate its ink.
pub(crate) fn gray_of(picture: &RgbPicture) -> GrayPicture {
    picture.map(plain_gray)
}

fn kind_of(name: &str) -> Result<&'static StepKind, String> {
    STEPS.iter().copied().find(|kind| kind.name == name).ok_or_else(|| {
        let names: Vec<&str> = STEPS.iter().map(|kind| kind.name).collect();
        let near = did_you_mean(name, names.iter().copied().chain(["standard", "none"]));
        format!("expected a step ({}), found `{name}`{near}", names.join(", "))
    })
}

#[derive(Clone, Copy)]
enum Given<'a> {
    Text(&'a str),
    Json(&'a Json),
}

impl Given<'_> {
    /// The value within its domain, or what was expected and found.
    fn check(self, setting: &Setting) -> Result<Value, (String, String)> {
        let found = || match self {
            Self::Text(text) => text.to_owned(),
            Self::Json(json) => json.to_string(),
        };
        match setting.domain {
            Domain::Number { min, max, .. } => {
                let number = match self {
                    Self::Text(text) => text.parse().ok(),
                    Self::Json(json) => json.as_f64(),
                };
                let number = number.filter(|number| (min..=max).contains(number));
                number.map(Value::Number).ok_or_else(|| (format!("a number from {min} to {max}"), found()))
            }
            Domain::Choice(words) => {
                let word = match self {
                    Self::Text(text) => Some(text),
                    Self::Json(json) => json.as_str(),
                };
                let word = words.iter().copied().find(|&known| Some(known) == word);
                word.map(Value::Word).ok_or_else(|| (format!("one of {}", words.join(", ")), found()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_json_round_trip() {
        for text in ["none", "ink", "limit:megapixels=0.5,ink:polarity=dark,deskew:max=0.5,fit:centre=mass:fill=1"] {
            let steps = Pipeline::parse(text).unwrap();
            assert_eq!(Pipeline::parse(&steps.to_string()).unwrap(), steps);
            assert_eq!(Pipeline::from_json(&steps.to_json()).unwrap(), steps);
        }
        let standard = Pipeline::parse("standard").unwrap();
        assert_eq!(standard.to_string(), STANDARD);
        assert!(standard.to_json().iter().all(|step| step.as_object().unwrap().len() == 1));
    }

    #[test]
    fn unknown_and_impossible_lists_say_what_was_expected_and_found() {
        for (text, message) in [
            ("", "expected none, standard or steps such as ink,deskew,fit, found nothing"),
            ("ink,", "found ``"),
            ("sharpen", "expected a step (limit, crop, "),
            ("ink,deskw", "found `deskw`; did you mean `deskew`?"),
            ("standart", "found `standart`; did you mean `standard`?"),
            ("deskew:maxx=1", "found `maxx`; did you mean `max`?"),
            ("ink:size=3", "step `ink`: expected one of the settings window, contrast, polarity, found `size`"),
            ("deskew:max", "step `deskew`: expected KEY=VALUE, found `max`"),
            ("deskew:max=x", "step `deskew`: expected a number from 0 to 3 for `max`, found `x`"),
            ("deskew:max=nan", "expected a number from 0 to 3"),
            ("deskew:max=4", "expected a number from 0 to 3"),
            ("deskew:max=1:max=1", "`max` is given twice"),
            ("ink:polarity=green", "expected one of auto, dark, light for `polarity`, found `green`"),
            ("deskew,ink", "step 2 `ink` works on the picture as it is in the file, expected it before `deskew`"),
            ("ink,ink", "step 2 `ink`"),
        ] {
            let found = Pipeline::parse(text).unwrap_err();
            assert!(found.contains(message), "{text}: {found}");
        }
    }

    #[test]
    fn json_of_another_version_or_shape_is_refused() {
        for (json, message) in [
            (serde_json::json!({"ink": {"version": 99}}), "step `ink` has version 99, expected "),
            (serde_json::json!({"deskew": {"version": 1, "max": 1.0}}), "expected a value for `amount`, found none"),
            (serde_json::json!({"deskew": {"version": 1, "max": "1"}}), "expected a number from 0 to 3"),
            (serde_json::json!({"ink": {}, "fit": {}}), "expected a preprocessing step such as"),
            (serde_json::json!("ink"), "expected a preprocessing step such as"),
            (serde_json::json!({"wash": {"version": 1}}), "found `wash`"),
        ] {
            let found = Pipeline::from_json(&[json]).unwrap_err();
            assert!(found.contains(message), "{found}");
        }
    }
}
