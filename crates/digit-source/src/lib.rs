//! Brings digits in: draws them (fonts and handwriting) or imports IDX files, class folders and CSV as source pictures.
