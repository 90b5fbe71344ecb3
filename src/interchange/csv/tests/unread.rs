//! Which programs are incomplete when lines of a table cannot be read.

use super::*;

const HEADER: &str = "id,name,organization,kinds,day,time,time_zone,warning\n";

/// The keys of the programs of a table, each with whether lines of it may be missing.
fn programs(rows: &[u8]) -> Vec<(String, bool)> {
    let import = read(&[HEADER.as_bytes(), rows].concat());
    import.records.into_iter().map(|record| (record.key, record.incomplete)).collect()
}

fn incomplete(rows: &str) -> Vec<String> {
    let programs = programs(rows.as_bytes()).into_iter();
    programs.filter_map(|(key, incomplete)| incomplete.then_some(key)).collect()
}

#[test]
fn a_program_that_a_row_is_missing_from_is_incomplete() {
    let import = read(
        b"id,name,organization,kinds,day,time,city,state,country\n\
          a,A,Org,local_group,tue,19:00,Rivertown,RI,US\n\
          a,,,,Thursdya,19:00,Rivertown,RI,US\n\
          b,B,Org,local_group,tue,19:00,Rivertown,RI,US\n",
    );

    let incomplete: Vec<bool> = import.records.iter().map(|record| record.incomplete).collect();
    assert_eq!(incomplete, [true, false]);
}

#[test]
fn a_line_that_is_no_row_of_the_table_makes_its_program_incomplete_and_no_other() {
    let others = "g1,A,Org,online,tue,19:00,UTC,\ng2,B,Org,online,tue,19:00,UTC,\n";
    for line in [
        "g1,,,,thu,19:00,UTC,,one more\n",
        "g1,,,,thu,19:00,UTC,bring tea, cake,\n",
        "g1,,,,thu,19:00,UTC,\"bring tea\n",
    ] {
        assert_eq!(incomplete(&format!("{others}{line}")), ["id:g1"], "{line}");
        assert_eq!(incomplete(&format!("{line}{others}")), ["id:g1"], "{line}");
    }
    let broken = [others.as_bytes(), "g2,,,,thu,19:00,UTC,Café ".as_bytes(), b"\xff\n"].concat();
    assert_eq!(programs(&broken), [("id:g1".to_owned(), false), ("id:g2".to_owned(), true)]);
}

#[test]
fn a_program_without_an_id_is_incomplete_by_its_name() {
    let rows = ",\"Tea, talk\",Org,online,tue,19:00,UTC,\n,Talk,Org,online,tue,19:00,UTC,\n";

    let slip = format!("{rows},Tea, talk,Org,online,thu,19:00,UTC,\n");

    assert!(incomplete(&slip).contains(&"name:Org\nTea, talk".to_owned()));
}

#[test]
fn a_program_whose_first_line_is_refused_is_incomplete_though_a_later_one_names_it_again() {
    let rows = "g1,A,Org,online,someday,19:00,UTC,\n\
                g1,A,Org,online,thu,19:00,UTC,\n\
                g2,B,Org,online,tue,19:00,UTC,\n";

    assert_eq!(incomplete(rows), ["id:g1"]);
}

#[test]
fn a_line_of_which_nobody_knows_the_program_may_be_of_any() {
    let others = "g1,A,Org,online,tue,19:00,UTC,\ng2,B,Org,online,tue,19:00,UTC,\n";
    for line in [
        ",,,,thu,19:00,UTC,\n",
        "\"g1,,,,thu,19:00,UTC,\n",
        "g3,\"C,Org,online,tue,19:00,UTC,\ng1,\"A\",Org,online,thx,19:00,UTC,\n",
    ] {
        assert_eq!(incomplete(&format!("{others}{line}")), ["id:g1", "id:g2"], "{line}");
    }
    let broken = [others.as_bytes(), "g\u{e9}".as_bytes(), b"\xff,,,,thu,19:00,UTC,\n"].concat();
    assert!(programs(&broken).iter().all(|(_, incomplete)| *incomplete));
}

#[test]
fn a_remark_below_the_table_takes_nothing_from_a_program() {
    let rows = "g1,A,Org,online,tue,19:00,UTC,\n,Last looked through in May,,,,,,\n";

    assert_eq!(incomplete(rows), Vec::<String>::new());
}
