//! The files that stages exchange: their layout, version, reading, writing and atomic replacement.
