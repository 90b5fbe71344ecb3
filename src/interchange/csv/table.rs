//! A table out of bytes: whatever a spreadsheet program calls CSV.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::domain::did_you_mean;
use crate::interchange::Reject;
use crate::interchange::unread::Unread;

use super::columns::{self, REQUIRED};
use super::key::Pieces;

/// One line of a table with what its cells hold; blank cells are not there.
#[derive(Debug)]
pub(super) struct Line {
    /// The number a spreadsheet shows beside it; the header is 1.
    pub(super) number: usize,
    /// The cells by the names of their columns.
    pub(super) cells: HashMap<&'static str, String>,
    /// The keys that it may have if it is refused; `None` when it may have any.
    pub(super) keys: Option<Vec<String>>,
}

impl Line {
    /// Whether any column of a session is filled in.
    pub(super) fn has_a_session(&self) -> bool {
        self.cells.keys().any(|column| columns::is_of_a_session(column))
    }
}

/// The lines of a table.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The lines that have at least one cell.
    pub(super) lines: Vec<Line>,
    /// What could not be used: unknown columns, lines with too many cells or unreadable ones.
    pub(super) rejects: Vec<Reject>,
    /// The programs that such lines may be of.
    pub(super) unread: Unread,
    /// How many lines there were, good and bad, blank ones not counted.
    pub(super) rows: usize,
}

/// Reads a table. Fails when there is no header or a column is missing that is needed.
pub(super) fn read(document: &[u8]) -> Result<Table, String> {
    if let Some(other) = another_kind(document) {
        return Err(other.to_owned());
    }
    let text = decode(document);
    // The reader counts line feeds; with one per line its numbers are those of a spreadsheet.
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.push('\n');
    let mut delimiter = None;
    if let Some((first, rest)) = text.split_once('\n')
        && let Some(character) = first.trim().strip_prefix("sep=")
    {
        // Excel's own first line; it does not show it.
        delimiter = character.bytes().next();
        text = rest.to_owned();
    }
    let delimiter = delimiter.filter(u8::is_ascii).unwrap_or_else(|| likely_delimiter(&text));
    let mut table = Table::default();
    let mut columns: Option<Vec<Option<&'static str>>> = None;
    let mut rest = text.as_str();
    let mut lines_before = 0;
    while let Some(unclosed) = read_on(rest, delimiter, lines_before, &mut columns, &mut table)? {
        if table.rejects.iter().filter(|reject| reject.reason == UNCLOSED).count() > MOST_UNCLOSED {
            return Err("more than 100 of its quotes are not closed".to_owned());
        }
        lines_before = unclosed.number;
        rest = &rest[unclosed.after..];
    }
    if columns.is_none() {
        return Err("there is no header".to_owned());
    }
    Ok(table)
}

/// What a document is that people take for a table.
fn another_kind(document: &[u8]) -> Option<&'static str> {
    let begin = document.trim_ascii_start();
    let has_nul = || document.iter().take(1_000).any(|byte| *byte == 0);
    let is_marked = document.starts_with(b"\xff\xfe") || document.starts_with(b"\xfe\xff");
    if document.starts_with(b"PK\x03\x04") {
        return Some("it is a workbook of a spreadsheet program: save it there as CSV UTF-8");
    }
    if begin.starts_with(b"<") {
        return Some("it is a web page, perhaps one to sign in at: download the table itself");
    }
    if !is_marked && has_nul() {
        return Some("it is not text, or text in an encoding we cannot tell: save it as CSV UTF-8");
    }
    None
}

/// Why a line is refused whose text would go on to the end of the table.
const UNCLOSED: &str = "has a quote (\") that opens a cell and is not closed: close it, or write two where one is meant";

/// More of them are no slip.
const MOST_UNCLOSED: usize = 100;

/// A line with a quote that nothing closes.
struct Unclosed {
    /// The number a spreadsheet shows beside it.
    number: usize,
    /// Where the next line begins.
    after: usize,
}

/// Reads lines up to the first whose quote nothing closes: what comes after it is not its text.
fn read_on(
    text: &str,
    delimiter: u8,
    lines_before: usize,
    columns: &mut Option<Vec<Option<&'static str>>>,
    table: &mut Table,
) -> Result<Option<Unclosed>, String> {
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let byte = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
    let mut line_breaks = 0;
    let mut begin = 0;
    let mut record = ::csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|broken| broken.to_string())? {
        let raw = text.get(begin..byte(reader.position().byte())).unwrap_or_default();
        begin += raw.len();
        line_breaks += record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>();
        let after = usize::try_from(reader.position().line()).unwrap_or(usize::MAX);
        let number = lines_before + after.saturating_sub(1 + line_breaks).max(1);
        // Every text ends with a line feed: it is in a cell only if the cell's quote was not closed.
        let open = record.iter().next_back().is_some_and(|cell| cell.ends_with('\n'));
        if open && begin == text.len() && raw.matches('"').count() % 2 == 1 {
            let Some(columns) = columns.as_deref() else {
                return Err(format!("the header {UNCLOSED}"));
            };
            let cells = record.iter().take(record.len() - 1).collect();
            table.unread.add(Pieces { columns, delimiter, cells, is_cut: true }.keys());
            // That line feed was counted as one within the line.
            let number = lines_before + after.saturating_sub(line_breaks).max(1);
            table.rows += 1;
            table.rejects.push(Reject {
                row: number,
                field: String::new(),
                reason: UNCLOSED.into(),
            });
            let blank = raw.len() - raw.trim_start_matches('\n').len();
            let line = raw[blank..].find('\n').map_or(raw.len(), |end| blank + end + 1);
            return Ok(Some(Unclosed { number, after: begin - raw.len() + line }));
        }
        let Some(columns) = &columns else {
            *columns = Some(header(&record, &mut table.rejects)?);
            continue;
        };
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            table.rows += 1;
            let pieces = record.iter().collect();
            let keys = Pieces { columns, delimiter, cells: pieces, is_cut: false }.keys();
            match cells(number, &record, columns) {
                Ok(cells) => table.lines.push(Line { number, cells, keys }),
                Err(reject) => {
                    table.unread.add(keys);
                    table.rejects.push(reject);
                }
            }
        }
    }
    Ok(None)
}

/// The columns of a header. An unknown one is told and skipped, so is the second of a name.
fn header(
    record: &::csv::StringRecord,
    rejects: &mut Vec<Reject>,
) -> Result<Vec<Option<&'static str>>, String> {
    let mut columns: Vec<Option<&'static str>> = Vec::new();
    for cell in record {
        let known = columns::named(cell);
        let reason = match known {
            Some(name) if columns.contains(&Some(name)) => {
                "is there twice; the first is read".to_owned()
            }
            None if !cell.trim().is_empty() => {
                format!("is not a column{}", did_you_mean(columns::nearest(cell)))
            }
            _ => {
                columns.push(known);
                continue;
            }
        };
        rejects.push(Reject { row: 0, field: cell.trim().to_owned(), reason });
        columns.push(None);
    }
    for name in REQUIRED {
        if !columns.contains(&Some(name)) {
            let unknown =
                record.iter().map(str::trim).filter(|cell| columns::named(cell).is_none());
            let like = unknown
                .filter(|cell| columns::nearest(cell) == Some(name))
                .map(|cell| format!("; is it `{cell}`?"));
            let like: String = like.take(1).collect();
            return Err(format!("the column `{name}` is missing{like}"));
        }
    }
    Ok(columns)
}

fn cells(
    number: usize,
    record: &::csv::StringRecord,
    columns: &[Option<&'static str>],
) -> Result<HashMap<&'static str, String>, Reject> {
    let reject = |field: &str, reason: &str| Reject {
        row: number,
        field: field.to_owned(),
        reason: reason.to_owned(),
    };
    let mut cells = HashMap::new();
    for (index, cell) in record.iter().enumerate() {
        let cell = cell.trim();
        match columns.get(index) {
            _ if cell.is_empty() => {}
            None => {
                return Err(reject(
                    "",
                    "has more cells than the header; a cell with the delimiter in it needs quotes",
                ));
            }
            Some(None) => {}
            Some(Some(name)) if cell.contains(char::REPLACEMENT_CHARACTER) => {
                return Err(reject(
                    name,
                    "has letters that cannot be read: save the table as UTF-8",
                ));
            }
            Some(Some(name)) => {
                cells.insert(*name, cell.to_owned());
            }
        }
    }
    Ok(cells)
}

/// The delimiter that the header has most of: comma, semicolon or tab.
fn likely_delimiter(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => counts
                .iter_mut()
                .filter(|(known, _)| *known == byte)
                .for_each(|(_, count)| *count += 1),
        }
    }
    // The first of equals, and a comma when there is none.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(byte, _)| *byte)
}

/// The text of a file: UTF-8, UTF-16 with its mark, or else Windows-1252.
///
/// A file that is UTF-8 but for some bytes is taken as UTF-8, and the cells with those bytes are
/// refused: reading all of it as Windows-1252 would garble every other accent in it.
fn decode(document: &[u8]) -> Cow<'_, str> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match document {
        [0xff, 0xfe, text @ ..] => return Cow::Owned(utf16(text, u16::from_le_bytes)),
        [0xfe, 0xff, text @ ..] => return Cow::Owned(utf16(text, u16::from_be_bytes)),
        _ => {}
    }
    let document = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
    let broken = std::str::from_utf8(document).is_err();
    let some_utf8 = document.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    if broken && !some_utf8 {
        Cow::Owned(document.iter().map(|&byte| windows_1252(byte)).collect())
    } else {
        String::from_utf8_lossy(document)
    }
}

fn windows_1252(byte: u8) -> char {
    const FROM_0X80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => FROM_0X80[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "name,organization,kinds,summary";

    fn numbers(table: &Table) -> Vec<usize> {
        table.lines.iter().map(|line| line.number).collect()
    }

    #[test]
    fn lines_are_numbered_as_a_spreadsheet_shows_them() {
        let table = read(
            format!("{HEADER}\r\na,b,c,\"two\r\nlines\"\r\n\r\n,,,\r\nd,e,f,g\r\nh,i,j,k")
                .as_bytes(),
        )
        .unwrap();

        assert_eq!(numbers(&table), [2, 5, 6]);
        assert_eq!(table.rows, 3);
        assert_eq!(table.lines[0].cells["summary"], "two\nlines");
    }

    #[test]
    fn tables_of_europe_and_of_the_clipboard_are_read() {
        for (delimiter, text) in [
            (";", HEADER.replace(',', ";")),
            ("\t", HEADER.replace(',', "\t")),
            ("|", format!("sep=|\r\n{}", HEADER.replace(',', "|"))),
        ] {
            let table =
                read(format!("\u{feff}{text}\na{delimiter}b, c{delimiter}d\n").as_bytes()).unwrap();
            assert_eq!(table.lines[0].cells["organization"], "b, c", "{delimiter}");
            assert_eq!(numbers(&table), [2]);
        }
    }

    #[test]
    fn old_encodings_are_read() {
        let latin = [HEADER.as_bytes(), b"\nCaf\xe9 \x96 Talk,b,c,\n"].concat();
        assert_eq!(read(&latin).unwrap().lines[0].cells["name"], "Café – Talk");
        let mut wide = vec![0xff, 0xfe];
        wide.extend(format!("{HEADER}\nCafé,b,c,").encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(read(&wide).unwrap().lines[0].cells["name"], "Café");
    }

    #[test]
    fn a_broken_letter_is_told_by_its_column() {
        let mixed = [HEADER.as_bytes(), "\nCafé,b,c,".as_bytes(), b"bro\xffken\nd,e,f,\n"].concat();

        let table = read(&mixed).unwrap();

        assert_eq!((table.rejects[0].row, table.rejects[0].field.as_str()), (2, "summary"));
        assert_eq!(numbers(&table), [3]);
    }

    #[test]
    fn a_missing_column_is_an_error_that_names_it() {
        assert_eq!(read(b"").unwrap_err(), "there is no header");
        assert_eq!(
            read(b"Name,Organisation,Kinds\n").unwrap_err(),
            "the column `organization` is missing; is it `Organisation`?"
        );
        assert_eq!(read(b"organization,kinds").unwrap_err(), "the column `name` is missing");
    }

    #[test]
    fn unknown_columns_are_told_and_the_rest_is_read() {
        let table =
            read(b"name,organization,kinds,topcis,xyzzy,name,\na,b,c,d,e,f,\na,b,c,d,e,f,,g\n")
                .unwrap();

        let told: Vec<_> =
            table.rejects.iter().map(|r| format!("{} {}: {}", r.row, r.field, r.reason)).collect();
        assert_eq!(
            told,
            [
                "0 topcis: is not a column; did you mean `topics`?",
                "0 xyzzy: is not a column",
                "0 name: is there twice; the first is read",
                "3 : has more cells than the header; a cell with the delimiter in it needs quotes",
            ]
        );
        assert_eq!(table.lines[0].cells["name"], "a");
    }
}
