//! Source pictures to labelled pictures: gray decoding and area resize exact with OpenCV, label row embedded.
