//! Which program a line belongs to, and which it may belong to when it could not be read.

use super::table::Line;

/// A cell that may be more runs of cells than this may be anything.
const MOST_RUNS: usize = 100;

/// What makes lines one program: their id, else organization and name together.
pub(super) fn of(line: &Line) -> Option<String> {
    let cell = |column: &str| line.cells.get(column).map_or("", String::as_str);
    of_cells(cell("id"), cell("organization"), cell("name"))
}

/// The keys that a line may have which was refused for what its cells say; `None` when it may have any.
pub(super) fn of_refused(line: &Line) -> Option<Vec<String>> {
    if line.cells.values().any(|cell| has_swallowed(cell)) {
        return None;
    }
    // A remark below the table is no session that a program could lose.
    let is_a_remark = of(line).is_none() && !line.has_a_session();
    if is_a_remark { Some(vec![]) } else { line.keys.clone() }
}

fn of_cells(id: &str, organization: &str, name: &str) -> Option<String> {
    let short = |cell: &str| cell.chars().take(200).collect::<String>();
    match (id, organization, name) {
        ("", "", _) | ("", _, "") => None,
        ("", ..) => Some(format!("name:{}\n{}", short(organization), short(name))),
        _ => Some(format!("id:{}", short(id))),
    }
}

/// Whether a cell has other lines in it: a quote that is left open ends where one of them opens its own.
fn has_swallowed(cell: &str) -> bool {
    cell.split_once('\n').is_some_and(|(_, rest)| rest.contains('"'))
}

/// A line in pieces, before its cells are given to columns.
pub(super) struct Pieces<'a> {
    /// The columns by their names; `None` for one that is not read.
    pub(super) columns: &'a [Option<&'static str>],
    /// What stands between two cells.
    pub(super) delimiter: u8,
    /// Its cells, up to one whose quote is open.
    pub(super) cells: Vec<&'a str>,
    /// Whether there was such a one.
    pub(super) is_cut: bool,
}

impl Pieces<'_> {
    /// The keys that the line may have; `None` when it may have any.
    pub(super) fn keys(&self) -> Option<Vec<String>> {
        if self.cells.iter().any(|cell| has_swallowed(cell)) {
            return None;
        }
        let ids = self.may_hold("id")?;
        let mut keys: Vec<String> = ids.iter().filter_map(|id| of_cells(id, "", "")).collect();
        if ids.iter().any(String::is_empty) {
            let (organizations, names) = (self.may_hold("organization")?, self.may_hold("name")?);
            for organization in &organizations {
                keys.extend(names.iter().filter_map(|name| of_cells("", organization, name)));
            }
        }
        (!keys.is_empty()).then_some(keys)
    }

    /// What may be meant for a column; `None` when that cannot be told.
    ///
    /// With cells too many, be they blank, one with the delimiter in it was taken for several, here or
    /// further left: any run of the cells up to there may be it.
    fn may_hold(&self, column: &str) -> Option<Vec<String>> {
        let Some(at) = self.columns.iter().position(|known| *known == Some(column)) else {
            return Some(vec![String::new()]);
        };
        let width = self.cells.len() + usize::from(self.is_cut);
        let surplus = width.saturating_sub(self.columns.len());
        let last = at + surplus;
        // What is left of the first column is the edge.
        let begins = if at == 0 { 1 } else { surplus + 1 };
        if begins * (surplus + 1) > MOST_RUNS || self.is_cut && last >= self.cells.len() {
            return None;
        }
        let among = self.cells.get(at..=last).unwrap_or_default();
        if among.iter().any(|cell| cell.contains(char::REPLACEMENT_CHARACTER)) {
            return None;
        }
        let delimiter = char::from(self.delimiter).to_string();
        let run = |begin: usize, end: usize| among[begin..=end].join(&delimiter).trim().to_owned();
        let runs = (0..begins.min(among.len()))
            .flat_map(|begin| (begin..among.len()).map(move |end| (begin, end)));
        let runs: Vec<String> = runs.map(|(begin, end)| run(begin, end)).collect();
        // A line may end early; what it does not have is blank.
        Some(if runs.is_empty() { vec![String::new()] } else { runs })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Option<&str>; 5] =
        [Some("name"), None, Some("id"), Some("organization"), Some("day")];

    fn keys(line: &str, is_cut: bool) -> Option<Vec<String>> {
        let cells = line.split(',').collect();
        Pieces { columns: &COLUMNS, delimiter: b',', cells, is_cut }.keys()
    }

    #[test]
    fn a_line_with_cells_too_many_may_have_any_key_that_its_cells_can_mean() {
        let by_id = keys("Tea, talk,x,g1,Org,tue", false).unwrap();
        assert_eq!(by_id, ["id:x", "id:x,g1", "id:g1"]);

        let by_name = keys("Tea, talk,,,Org,tue", false).unwrap();
        assert!(by_name.contains(&"name:Org\nTea, talk".to_owned()), "{by_name:?}");
        assert_eq!(keys("a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p", false), None);
    }

    #[test]
    fn a_line_that_is_cut_has_a_key_when_its_cells_come_before_the_cut() {
        assert_eq!(keys("Tea,,g1", true).unwrap(), ["id:g1"]);
        assert_eq!(keys("Tea,", true), None);
        assert_eq!(keys("Tea,,", true), None, "who runs it is behind the cut");
        assert_eq!(keys("Tea,,,Org", true).unwrap(), ["name:Org\nTea"]);
    }

    #[test]
    fn a_key_that_cannot_be_read_or_that_stands_among_other_lines_may_be_any() {
        assert_eq!(keys("Tea,,g\u{fffd},Org", false), None);
        assert_eq!(keys("Te\u{fffd},,g1,Org", false).unwrap(), ["id:g1"]);
        assert_eq!(keys("Tea,Org\nTalk\",g1,Org,tue,wed", false), None);
        assert_eq!(keys(",,,,tue", false), None);
    }
}
