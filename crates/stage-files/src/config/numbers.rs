//! Numbers with a range. A number outside it fails while it is read, so the message has line and key.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! ranged {
    ($(#[$doc:meta])* $name:ident($type:ty), $expected:literal, $holds:expr, $($bound:literal: $limit:literal),+) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "f64", into = "f64")]
        #[schemars(extend($($bound = $limit),+))]
        pub struct $name(#[schemars(with = "f64")] $type);

        impl TryFrom<f64> for $name {
            type Error = String;
            fn try_from(value: f64) -> Result<Self, String> {
                if $holds(value) {
                    return Ok(Self(value as $type));
                }
                // As a share, 80 is a percentage.
                let share = if value > 1.0 && !$holds(2.0) && $holds(value / 100.0) {
                    format!("; {value} % is {}", value / 100.0)
                } else {
                    String::new()
                };
                Err(format!("expected {}, found {value}{share}", $expected))
            }
        }

        impl From<$name> for f64 {
            fn from(value: $name) -> f64 {
                f64::from(value.0)
            }
        }

        impl $name {
            /// The number.
            pub const fn get(self) -> $type {
                self.0
            }

            /// A default, which must be in the range.
            #[allow(dead_code, reason = "not every kind of number has defaults")]
            pub(super) const fn of(value: $type) -> Self {
                Self(value)
            }
        }
    };
}

macro_rules! counted {
    ($(#[$doc:meta])* $name:ident, $min:literal, $max:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "i64")]
        pub struct $name(#[schemars(range(min = $min, max = $max))] u32);

        impl TryFrom<i64> for $name {
            type Error = String;
            fn try_from(value: i64) -> Result<Self, String> {
                let fits = u32::try_from(value).ok().filter(|value| ($min..=$max).contains(value));
                let range = concat!("from ", $min, " to ", $max);
                fits.map(Self).ok_or_else(|| format!("expected a whole number {range}, found {value}"))
            }
        }

        impl $name {
            /// The number.
            pub const fn get(self) -> u32 {
                self.0
            }
        }
    };
}

ranged!(
    /// A finite number above 0.
    Positive(f64),
    "a finite number above 0",
    |v: f64| v.is_finite() && v > 0.0,
    "exclusiveMinimum": 0
);
ranged!(
    /// A share between 0 and 1, both excluded.
    Share(f64),
    "a share between 0 and 1",
    |v: f64| v > 0.0 && v < 1.0,
    "exclusiveMinimum": 0,
    "exclusiveMaximum": 1
);
ranged!(
    /// A share of 0 or more and below 1.
    Portion(f64),
    "a share of 0 or more and below 1",
    |v: f64| (0.0..1.0).contains(&v),
    "minimum": 0,
    "exclusiveMaximum": 1
);
ranged!(
    /// A finite number of 0 or more.
    NonNegative(f64),
    "a finite number of 0 or more",
    |v: f64| v.is_finite() && v >= 0.0,
    "minimum": 0
);
ranged!(
    /// A number from 0 to 1.
    AtMostOne(f64),
    "a number from 0 to 1",
    |v: f64| (0.0..=1.0).contains(&v),
    "minimum": 0,
    "maximum": 1
);
ranged!(
    /// An angle in degrees, at most half a turn.
    Turn(f64),
    "degrees from 0 to 180",
    |v: f64| (0.0..=180.0).contains(&v),
    "minimum": 0,
    "maximum": 180
);
ranged!(
    /// A difference of gray levels.
    GrayLevels(f64),
    "gray levels from 0 to 255",
    |v: f64| (0.0..=255.0).contains(&v),
    "minimum": 0,
    "maximum": 255
);
counted!(
    /// A count of rows, epochs or runs.
    Count,
    1,
    1_000_000_000
);
counted!(
    /// Width of a layer.
    Width,
    1,
    65_536
);

counted!(
    /// Number of folds.
    Folds,
    2,
    1_000_000
);
impl Default for Portion {
    fn default() -> Self {
        Self(0.0)
    }
}

impl Default for NonNegative {
    fn default() -> Self {
        Self(0.0)
    }
}

impl Default for Share {
    fn default() -> Self {
        Self(0.8)
    }
}

impl Count {
    /// 1.
    pub const ONE: Self = Self(1);
    /// 10.
    pub const TEN: Self = Self(10);
    /// 30.
    pub(super) const THIRTY: Self = Self(30);
}

impl Folds {
    /// 1, 2, .. the number of folds.
    pub fn all(self) -> impl Iterator<Item = Count> {
        (1..=self.0).map(Count)
    }
}
