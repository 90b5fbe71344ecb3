//! Words as they are compared: without case, accents and punctuation.

/// Folds a text for comparison: `Café-Köln, 2nd` becomes `cafe koln 2nd`.
///
/// Letters of other scripts are written in Latin ones; everything but letters and digits becomes a
/// single space; apostrophes vanish, so that `women's` and `womens` are one word.
pub fn fold(text: &str) -> String {
    let mut folded: Vec<u8> = Vec::with_capacity(text.len());
    let ascii;
    let plain = if text.is_ascii() {
        text
    } else {
        ascii = deunicode::deunicode(text);
        &ascii
    };
    for letter in plain.bytes() {
        if letter.is_ascii_alphanumeric() {
            folded.push(letter.to_ascii_lowercase());
        } else if !matches!(letter, b'\'' | b'`') && folded.last().is_some_and(|last| *last != b' ')
        {
            folded.push(b' ');
        }
    }
    if folded.last() == Some(&b' ') {
        folded.pop();
    }
    // Nothing but letters, digits and spaces of ASCII.
    String::from_utf8(folded).unwrap_or_default()
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
