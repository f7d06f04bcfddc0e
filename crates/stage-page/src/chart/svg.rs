//! A chart as SVG text, and the style that all charts share.

use crate::escape::markup;

/// Style rules of all charts, in the page and in each file of its own. The series colours are Okabe and Ito's for
/// colour-blind readers (2008), without the yellow; on dark ground each is lighter.
pub const STYLE: &str = "
.chart{--s0:#0072b2;--s1:#b34700;--s2:#00795a;--s3:#a34e7f;--s4:#3d7fa6;--s5:#8a6100;--ink:#1c1c1c;font:13px system-ui,sans-serif}
.chart text{fill:var(--ink)}.chart .grid{stroke:var(--ink);stroke-opacity:.14}.chart .axis{stroke:var(--ink);stroke-opacity:.7}
.chart .line{fill:none;stroke-width:1.8;stroke-linejoin:round}.chart .band{stroke:none;fill-opacity:.16}.chart .cell{stroke:var(--ink);stroke-opacity:.25}
.chart .head{font-weight:600}.chart .small{font-size:11px}
.chart .s0{stroke:var(--s0)}.chart .s1{stroke:var(--s1);stroke-dasharray:6 3}.chart .s2{stroke:var(--s2);stroke-dasharray:2 3}
.chart .s3{stroke:var(--s3);stroke-dasharray:9 3 2 3}.chart .s4{stroke:var(--s4);stroke-dasharray:1 2}.chart .s5{stroke:var(--s5);stroke-dasharray:12 4}
.chart .f0{fill:var(--s0)}.chart .f1{fill:var(--s1)}.chart .f2{fill:var(--s2)}.chart .f3{fill:var(--s3)}.chart .f4{fill:var(--s4)}.chart .f5{fill:var(--s5)}
@media(prefers-color-scheme:dark){.chart{--s0:#56b4e9;--s1:#ff9a5c;--s2:#3ecf9f;--s3:#e79ac4;--s4:#9ad0ee;--s5:#e6b34d;--ink:#e4e4e4}}
@media print{.chart{--s0:#0072b2;--s1:#b34700;--s2:#00795a;--s3:#a34e7f;--s4:#3d7fa6;--s5:#8a6100;--ink:#000}}
";

/// Series in one chart whose lines look different.
pub const SERIES: usize = 6;

/// A finished chart.
pub struct Chart {
    /// Name of its file, without ending.
    pub file: String,
    /// Stands above it.
    pub title: String,
    /// What it shows, for readers who do not see it.
    pub(super) description: String,
    pub(super) width_px: f64,
    pub(super) height_px: f64,
    /// What is drawn.
    pub(super) body: String,
}

impl Chart {
    /// As a part of the page, which has the style.
    pub fn inline(&self) -> String {
        self.svg("")
    }

    /// As a file of its own.
    pub fn standalone(&self) -> String {
        self.svg(&format!("<style>{STYLE}</style>"))
    }

    fn svg(&self, style: &str) -> String {
        let (title, description) = (markup(&self.title), markup(&self.description));
        let (width, height) = (self.width_px, self.height_px);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
             height=\"{height:.0}\" class=\"chart\" role=\"img\" aria-label=\"{title}. {description}\">{style}\
             <title>{title}</title><desc>{description}</desc>{}</svg>\n",
            self.body
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast ratio of WCAG 2.2.
    fn contrast(a: &str, b: &str) -> f64 {
        let luminance = |colour: &str| {
            let part = |i: usize| {
                let value = f64::from(u8::from_str_radix(&colour[i..i + 2], 16).unwrap()) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { libm::pow((value + 0.055) / 1.055, 2.4) }
            };
            0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_and_lines_stand_out_from_the_ground() {
        assert!((contrast("#ffffff", "#000000") - 21.0).abs() < 1e-9);
        let (light, dark) = STYLE.split_once("@media(prefers-color-scheme:dark)").unwrap();
        let (dark, print) = dark.split_once("@media print").unwrap();
        for (rules, ground) in [(light, "#ffffff"), (dark, "#16181b"), (print, "#ffffff")] {
            for name in ["--s0", "--s1", "--s2", "--s3", "--s4", "--s5"] {
                let at = rules.find(&format!("{name}:#")).unwrap() + name.len() + 1;
                assert!(contrast(&rules[at..at + 7], ground) >= 3.0, "{name} on {ground}");
            }
        }
        assert!(contrast("#1c1c1c", "#ffffff") >= 7.0 && contrast("#e4e4e4", "#16181b") >= 7.0);
    }
}
