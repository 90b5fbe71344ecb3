//! Declaring and reading the parameters of searches.

use crate::http::problem::ApiResult;
use crate::http::raw::{Check, Raw};

/// Declares the parameters of several searches once: their documentation, their reading and their names.
/// What is `shared` is of each of them; `A => B` can be turned into the other as far as it is shared.
macro_rules! parameters {
    (shared $shared:tt $($(#[$meta:meta])* $name:ident $(=> $into:ident)? { $($own:tt)* })+) => {
        $(
            $crate::http::v1::parameters::request! { { $(#[$meta])* } $name { $($own)* } $shared }
            $($crate::http::v1::parameters::convert! { $name $into $shared })?
        )+
    };
}
pub(super) use parameters;

macro_rules! request {
    (
        { $(#[$meta:meta])* } $name:ident
        { one { $($(#[$own_doc:meta])* $own:ident as $own_name:literal,)* } many { $($(#[$list_doc:meta])* $list:ident as $list_name:literal,)* } }
        { one { $($(#[$one_doc:meta])* $one:ident as $one_name:literal,)* } many { $($(#[$many_doc:meta])* $many:ident as $many_name:literal,)* } }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Default, Clone, Serialize, IntoParams, ToSchema)]
        #[into_params(parameter_in = Query)]
        pub(crate) struct $name {
            $($(#[$one_doc])* #[serde(skip_serializing_if = "Option::is_none")] pub(crate) $one: Option<String>,)*
            $($(#[$own_doc])* #[serde(skip_serializing_if = "Option::is_none")] pub(crate) $own: Option<String>,)*
            $($(#[$many_doc])* #[serde(skip_serializing_if = "Vec::is_empty")]
              #[param(style = Form, explode = false, required = false)] #[schema(required = false)]
              pub(crate) $many: Vec<String>,)*
            $($(#[$list_doc])* #[serde(skip_serializing_if = "Vec::is_empty")]
              #[param(style = Form, explode = false, required = false)] #[schema(required = false)]
              pub(crate) $list: Vec<String>,)*
        }

        impl $name {
            /// The names of all parameters.
            pub(crate) const NAMES: &'static [&'static str] =
                &[$($one_name,)* $($own_name,)* $($many_name,)* $($list_name,)*];

            /// Sorts what arrived into its parameters. Empty values count as absent.
            pub(crate) fn read(raw: Raw, check: &mut Check) -> Self {
                let mut request = Self::default();
                for (name, value) in raw.0 {
                    let value = value.trim();
                    let one = match name.as_str() {
                        $($one_name => &mut request.$one,)*
                        $($own_name => &mut request.$own,)*
                        _ => {
                            let many = match name.as_str() {
                                $($many_name => &mut request.$many,)*
                                $($list_name => &mut request.$list,)*
                                _ => {
                                    let known = Self::NAMES.iter().copied();
                                    let hint = did_you_mean(&name, known);
                                    check.wrong(&name, format!("is not a parameter of this search{hint}"));
                                    continue;
                                }
                            };
                            let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
                            many.extend(parts.map(str::to_owned));
                            continue;
                        }
                    };
                    if !value.is_empty() && one.replace(value.to_owned()).is_some() {
                        check.wrong(&name, "must be given once");
                    }
                }
                request
            }
        }
    };
}
pub(super) use request;

macro_rules! convert {
    ($name:ident $into:ident { one { $($(#[$one_doc:meta])* $one:ident as $one_name:literal,)* } many { $($(#[$many_doc:meta])* $many:ident as $many_name:literal,)* } }) => {
        impl From<$name> for $into {
            fn from(request: $name) -> Self {
                Self { $($one: request.$one,)* $($many: request.$many,)* ..Self::default() }
            }
        }
    };
}
pub(super) use convert;

/// Reads the parameters of a URL.
pub(super) fn from_url<T>(
    query: &str,
    read: impl Fn(Raw, &mut Check) -> T,
) -> ApiResult<(T, Check)> {
    let mut check = Check::default();
    let request = read(Raw::from_url(query, &mut check)?, &mut check);
    Ok((request, check))
}

/// Reads the fields of a body.
pub(super) fn from_body<T>(
    body: &[u8],
    read: impl Fn(Raw, &mut Check) -> T,
) -> ApiResult<(T, Check)> {
    let mut check = Check::default();
    let request = read(Raw::from_json(body, &mut check)?, &mut check);
    Ok((request, check))
}
