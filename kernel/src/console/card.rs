//! A credential as the card that a holder sees. Its colours are somebody's choice, and the pages allow no inline
//! style: they stand in the presentation attributes of an SVG, inside of which the text is HTML again.

use askama::Template;
use askama::filters::HtmlSafe;

use super::texts::common as t;

/// The lowest contrast of text that is easy to read (WCAG 2.2, 1.4.3).
const READABLE: f64 = 4.5;

/// A card.
#[derive(Template)]
#[template(path = "console/card.html")]
pub struct Card<'a> {
    /// The title.
    pub title: &'a str,
    /// The description; may be empty.
    pub description: &'a str,
    /// The issuer; may be empty.
    pub issuer: &'a str,
    /// `#rrggbb`; anything else is the default.
    pub background: &'a str,
    /// `#rrggbb`; anything else is the default.
    pub color: &'a str,
}

impl HtmlSafe for Card<'_> {}

impl<'a> Card<'a> {
    fn background(&self) -> &'a str {
        color_or(self.background, "#0c2a35")
    }

    fn color(&self) -> &'a str {
        color_or(self.color, "#ffffff")
    }

    /// Whether the text is easy to read on the background.
    pub fn is_readable(&self) -> bool {
        match (luminance(self.background()), luminance(self.color())) {
            (Some(one), Some(other)) => (one.max(other) + 0.05) / (one.min(other) + 0.05) >= READABLE,
            _ => true,
        }
    }
}

fn color_or<'a>(text: &'a str, default: &'a str) -> &'a str {
    if text.parse::<model::Color>().is_ok() { text.trim() } else { default }
}

/// The relative luminance of `#rrggbb` (WCAG 2.2, "relative luminance").
fn luminance(color: &str) -> Option<f64> {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(color.get(at..at.checked_add(2)?)?, 16).ok()?) / 255.0;
        Some(if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    Some(0.2126 * channel(1)? + 0.7152 * channel(3)? + 0.0722 * channel(5)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card<'a>(background: &'a str, color: &'a str) -> Card<'a> {
        Card { title: "A <b>", description: "", issuer: "", background, color }
    }

    #[test]
    fn text_is_readable_by_the_contrast_of_its_colours() {
        assert!(card("#000000", "#ffffff").is_readable() && card("#0c2a35", "#ffffff").is_readable());
        assert!(!card("#ffffff", "#eeeeee").is_readable() && !card("#777777", "#ffffff").is_readable());
        assert!(card("#767676", "#ffffff").is_readable(), "4.54");
    }

    #[test]
    fn nothing_but_a_colour_reaches_the_attributes() {
        let html = card("red\" onload=\"x", " #AbCdEf ").render().unwrap();
        assert!(html.contains(r##"fill="#0c2a35""##) && html.contains(r##"color="#AbCdEf""##), "{html}");
        assert!(html.contains("A &#60;b&#62;"), "{html}");
    }
}
