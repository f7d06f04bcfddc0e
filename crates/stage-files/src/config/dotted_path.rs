//! Dotted paths into a config, such as `optimizer.sgd.lr`.

use serde_json::{Map, Value};

use crate::refuse;

/// Whether a path has a key between all of its dots.
pub(super) fn is_sound(path: &str) -> bool {
    !path.split('.').any(str::is_empty)
}

/// Whether a path leads to what is at another path, or into it.
pub(super) fn is_within(path: &str, other: &str) -> bool {
    path.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The value at a path.
pub(super) fn get<'a>(config: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(config, |place, key| place.get(key))
}

/// Puts a value at a path. Objects that are missing on the way are made.
pub(super) fn put(config: &mut Value, path: &str, value: &Value) -> anyhow::Result<()> {
    let mut place = config;
    for key in path.split('.') {
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        let Some(object) = place.as_object_mut() else {
            refuse!("`{path}` leads through a value that is no object; expected a path into the config");
        };
        place = object.entry(key).or_insert(Value::Null);
    }
    *place = value.clone();
    Ok(())
}
