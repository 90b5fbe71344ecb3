//! Instants as RFC 3339 writes them, thousands of times a second.

use std::io::Write as _;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// Writes an instant as the clock of a zone shows it, in quotes.
pub(super) fn write_at(out: &mut Vec<u8>, at: Timestamp, zone: &TimeZone) {
    let offset = zone.to_offset(at);
    // Whole minutes are all that RFC 3339 can tell; no zone has had others for a century.
    let offset = if offset.seconds() % 60 == 0 { offset } else { Offset::UTC };
    let local = offset.to_datetime(at);
    if local.subsec_nanosecond() != 0 || !is_written_plainly(local) {
        // Writing into memory cannot fail.
        let _written = write!(out, r#""{}""#, at.display_with_offset(offset));
        return;
    }
    out.push(b'"');
    push_local(out, local);
    out.push(if offset.is_negative() { b'-' } else { b'+' });
    let minutes = offset.seconds().unsigned_abs() / 60;
    push_digits(out, minutes / 60, 2);
    out.push(b':');
    push_digits(out, minutes % 60, 2);
    out.push(b'"');
}

/// Writes an instant in UTC with milliseconds, in quotes.
pub(super) fn write_utc(out: &mut Vec<u8>, at: Timestamp) {
    let local = Offset::UTC.to_datetime(at);
    if !is_written_plainly(local) {
        let _written = write!(out, r#""{at:.3}""#);
        return;
    }
    out.push(b'"');
    push_local(out, local);
    out.push(b'.');
    push_digits(out, local.millisecond().unsigned_abs().into(), 3);
    out.extend_from_slice(b"Z\"");
}

/// Whether its year has four digits.
fn is_written_plainly(local: DateTime) -> bool {
    (0..=9_999).contains(&local.year())
}

fn push_local(out: &mut Vec<u8>, local: DateTime) {
    push_digits(out, local.year().unsigned_abs().into(), 4);
    for (before, number) in [
        (b'-', local.month()),
        (b'-', local.day()),
        (b'T', local.hour()),
        (b':', local.minute()),
        (b':', local.second()),
    ] {
        out.push(before);
        push_digits(out, number.unsigned_abs().into(), 2);
    }
}

/// Writes the last so many digits of a number.
pub(super) fn push_digits(out: &mut Vec<u8>, mut number: u32, count: usize) {
    let mut digits = [b'0'; 4];
    for digit in digits[..count].iter_mut().rev() {
        *digit = b"0123456789"[(number % 10) as usize];
        number /= 10;
    }
    out.extend_from_slice(&digits[..count]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_jiff_does() {
        let mut random = fastrand::Rng::with_seed(3);
        let zones = ["America/New_York", "Asia/Kolkata", "UTC", "Africa/Monrovia", "Europe/Dublin"];
        let zones = zones.map(|name| TimeZone::get(name).unwrap());
        for _ in 0..4_000 {
            let milliseconds = match random.u8(..3) {
                0 => random.i64(-70_000_000_000_000..250_000_000_000_000),
                1 => random.i64(1_700_000_000..1_900_000_000) * 1_000,
                _ => random.i64(1_700_000_000_000..1_900_000_000_000),
            };
            let at = Timestamp::from_millisecond(milliseconds).unwrap();
            let zone = &zones[random.usize(..zones.len())];
            let mut written = Vec::new();
            write_at(&mut written, at, zone);
            written.push(b' ');
            write_utc(&mut written, at);

            let offset = zone.to_offset(at);
            let offset = if offset.seconds() % 60 == 0 { offset } else { Offset::UTC };
            let wanted = format!(r#""{}" "{at:.3}""#, at.display_with_offset(offset));
            assert_eq!(String::from_utf8(written).unwrap(), wanted);
        }
    }
}
