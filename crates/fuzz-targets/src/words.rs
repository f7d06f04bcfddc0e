//! What options and names of files say.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use digit_image::decode::{PageChoice, parse_pixels};
use digit_image::format::sniff;
use digit_image::look::look;
use digit_image::preprocess::Pipeline;
use stage_files::config::Setting;
use stage_files::folder_name::{is_number, label_in_words};
use stage_files::labels::LabelSet;
use stage_files::picture::Canvas;
use stage_files::picture_name::PictureName;
use stage_files::writer::{name_as_writer, writer_of};

/// A word as each option takes it, and as the name of a picture or folder.
pub fn words(bytes: &[u8]) {
    let _kind = (sniff(bytes), look("a.png", bytes));
    let Ok(word) = std::str::from_utf8(bytes) else { return };
    round_trip::<LabelSet>(word);
    round_trip::<Canvas>(word);
    if let Ok(pipeline) = Pipeline::parse(word) {
        assert_eq!(Pipeline::parse(&pipeline.to_string()).as_ref(), Ok(&pipeline));
        assert_eq!(Pipeline::from_json(&pipeline.to_json()), Ok(pipeline));
    }
    if let Ok(steps) = serde_json::from_str::<Vec<serde_json::Value>>(word)
        && let Ok(pipeline) = Pipeline::from_json(&steps)
    {
        assert_eq!(Pipeline::from_json(&pipeline.to_json()), Ok(pipeline));
    }
    if let Ok(name) = PictureName::parse_stem(word) {
        assert_eq!(PictureName::parse_stem(&name.stem()).as_ref(), Ok(&name));
        let _writer = name.writer();
    }
    let _settings = (Setting::from_str(word), parse_pixels(word), PageChoice::from_str(word));
    let _folder = (is_number(word), label_in_words(word));
    let folders: Vec<String> = word.split('/').map(str::to_owned).collect();
    let _writer = (writer_of(&folders), name_as_writer(word));
}

fn round_trip<T: FromStr + Display + PartialEq + Debug>(word: &str)
where
    T::Err: Debug,
{
    if let Ok(value) = word.parse::<T>() {
        assert_eq!(value.to_string().parse::<T>().expect("it was printed just now"), value);
    }
}
