//! Words as they are compared: without case, accents and punctuation.

/// Folds a text for comparison: `Café-Köln, 2nd` becomes `cafe koln 2nd`.
///
/// Letters of other scripts are written in Latin ones; everything but letters and digits becomes a
/// single space; apostrophes vanish, so that `women's` and `womens` are one word.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let ascii;
    let plain = if text.is_ascii() {
        text
    } else {
        ascii = deunicode::deunicode(text);
        &ascii
    };
    for c in plain.chars() {
        if c.is_ascii_alphanumeric() {
            folded.push(c.to_ascii_lowercase());
        } else if c != '\'' && c != '`' && !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folding_forgets_case_accents_and_punctuation() {
        assert_eq!(fold("  Café-Köln,\u{a0}2nd "), "cafe koln 2nd");
        assert_eq!(fold("Women's group"), "womens group");
        assert_eq!(fold("women’s"), "womens");
        assert_eq!(fold("Łódź"), "lodz");
        assert_eq!(fold("¡—!"), "");
    }
}
