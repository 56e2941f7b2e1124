//! QR codes for links that another device follows.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use crate::problem::{Code, Problem};

/// The quiet zone around a code, in modules (ISO/IEC 18004 §6.3.8).
const QUIET: usize = 4;

/// A text as an SVG image, dark on light whatever stands around it, because scanners ask for that. It says what it
/// looks like in attributes, so the console's content security policy needs no exception.
///
/// # Errors
///
/// An internal problem, when the text is longer than a code can hold (2.3 KB).
pub fn svg(text: &str) -> Result<String, Problem> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|error| {
        tracing::error!(%error, "a QR code");
        Problem::from(Code::Internal)
    })?;
    let side = code.width() + 2 * QUIET;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d=""##
    );
    for (y, row) in code.to_colors().chunks(code.width()).enumerate() {
        let mut x = 0;
        // A run of dark modules is one rectangle.
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                let _ = write!(svg, "M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
            }
            x += run.len();
        }
    }
    svg.push_str(r#""/></svg>"#);
    Ok(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_square_of_its_modules_with_a_quiet_zone() {
        let svg = svg("01234567").unwrap();
        // Version 1 has 21 modules; the finder pattern begins with a run of seven.
        assert!(svg.starts_with(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29""#), "{svg}");
        assert!(svg.contains("M4 4h7v1h-7z"), "{svg}");
        assert!(!svg.contains("style"), "{svg}");
    }

    #[test]
    fn a_text_that_no_code_holds_is_refused() {
        assert_eq!(svg(&"x".repeat(3000)).unwrap_err().code, Code::Internal);
    }
}
