//! Outlines of countries, states and counties: which of them a point is in.

use std::collections::HashMap;

use geo::{Contains, Coord, LineString, Point, Polygon};

use crate::domain::{CountryCode, CountyCode, Position, SubdivisionCode, fold};

/// The outlines, with a grid of whole degrees that tells which can matter for a point.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    polygons: Vec<Outline>,
    /// The counties of each folded name, with the name as it is written.
    counties: HashMap<String, Vec<(CountyCode, Box<str>)>>,
    /// 360 x 180 cells, each with the polygons whose box touches it: counties first.
    grid: Vec<Vec<u32>>,
}

#[derive(Debug)]
struct Outline {
    area: Area,
    polygon: Polygon<f64>,
    /// West, south, east, north.
    bounds: [f64; 4],
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Area {
    County(CountyCode),
    Subdivision(SubdivisionCode),
    Country(CountryCode),
}

/// What a point is in, as far as there are outlines.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Within {
    pub(super) country: Option<CountryCode>,
    pub(super) subdivision: Option<SubdivisionCode>,
    pub(super) county: Option<CountyCode>,
}

impl Shapes {
    pub(super) fn parse(table: &str) -> Self {
        let (mut polygons, mut counties) = (Vec::new(), HashMap::<_, Vec<_>>::new());
        for line in table.lines() {
            let mut fields = line.split('\t');
            let (Some(code), Some(name), Some(text)) =
                (fields.next(), fields.next(), fields.next())
            else {
                continue;
            };
            let area = match code.matches('-').count() {
                0 => code.parse().map(Area::Country),
                1 => code.parse().map(Area::Subdivision),
                _ => code.parse().map(Area::County),
            };
            let Ok(area) = area else { continue };
            if let Area::County(county) = &area {
                // Its state follows: `Orange County, California`.
                let own = name.split_once(',').map_or(name, |(own, _)| own);
                counties.entry(fold(own)).or_default().push((county.clone(), own.into()));
            }
            polygons.extend(text.split(';').filter_map(|text| outline(area.clone(), text)));
        }
        polygons.sort_by(|a, b| a.area.cmp(&b.area));
        let mut grid = vec![Vec::new(); 360 * 180];
        for (number, outline) in (0..).zip(&polygons) {
            let [west, south, east, north] = outline.bounds;
            for row in row(south)..=row(north) {
                for column in column(west)..=column(east) {
                    grid[row * 360 + column].push(number);
                }
            }
        }
        Self { polygons, counties, grid }
    }

    /// The counties of a folded name, each with the name as it is written.
    pub(super) fn counties_named(&self, name: &str) -> &[(CountyCode, Box<str>)] {
        self.counties.get(name).map_or(&[], Vec::as_slice)
    }

    pub(super) fn locate(&self, position: Position) -> Within {
        let point = Point::new(position.longitude(), position.latitude());
        let mut within = Within::default();
        let cell = self.grid.get(row(point.y()) * 360 + column(point.x()));
        for number in cell.into_iter().flatten() {
            let Some(outline) = self.polygons.get(*number as usize) else { continue };
            // Counties come first: a point in one needs no look at its state and country.
            let known = match &outline.area {
                Area::County(_) => within.county.is_some(),
                Area::Subdivision(_) => within.subdivision.is_some(),
                Area::Country(_) => within.country.is_some(),
            };
            let [west, south, east, north] = outline.bounds;
            let boxed = (west..=east).contains(&point.x()) && (south..=north).contains(&point.y());
            if known || !boxed || !outline.polygon.contains(&point) {
                continue;
            }
            match &outline.area {
                Area::County(county) => {
                    within.subdivision = county.subdivision();
                    within.country = within.subdivision.map(|subdivision| subdivision.country());
                    within.county = Some(county.clone());
                }
                Area::Subdivision(subdivision) => {
                    within.subdivision = Some(*subdivision);
                    within.country = Some(subdivision.country());
                }
                Area::Country(country) => within.country = Some(*country),
            }
        }
        within
    }
}

fn row(latitude: f64) -> usize {
    cell(latitude + 90.0, 179)
}

fn column(longitude: f64) -> usize {
    cell(longitude + 180.0, 359)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
fn cell(degrees: f64, last: usize) -> usize {
    (degrees.clamp(0.0, 360.0).floor() as usize).min(last)
}

fn outline(area: Area, text: &str) -> Option<Outline> {
    let mut rings = text.split('/').map(ring);
    let exterior = rings.next()?;
    let mut bounds = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for point in &exterior.0 {
        bounds[0] = bounds[0].min(point.x);
        bounds[1] = bounds[1].min(point.y);
        bounds[2] = bounds[2].max(point.x);
        bounds[3] = bounds[3].max(point.y);
    }
    let polygon = Polygon::new(exterior, rings.collect());
    (bounds[0] <= bounds[2]).then_some(Outline { area, polygon, bounds })
}

/// Turns steps of 1/10,000 degree into points.
fn ring(text: &str) -> LineString<f64> {
    let mut numbers = text.split(' ').map_while(|number| number.parse::<i64>().ok());
    let (mut x, mut y) = (0, 0);
    let mut points = Vec::new();
    while let (Some(dx), Some(dy)) = (numbers.next(), numbers.next()) {
        x += dx;
        y += dy;
        #[expect(clippy::cast_precision_loss, reason = "at most 1,800,000")]
        points.push(Coord { x: x as f64 / 1e4, y: y as f64 / 1e4 });
    }
    LineString::new(points)
}
