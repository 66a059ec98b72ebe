//! The two macros that declare what YAML may hold: [`record!`](crate::record) for keys, [`choice!`](crate::choice)
//! for words. The declaration is the type, the check, the message and the documentation at once.

/// Declares a struct whose fields are read from keys. The doc comment of a field documents its key; a key that is
/// a word of Rust is given with `as "type"`.
#[macro_export]
macro_rules! record {
    ($(#[doc = $doc:literal])* $vis:vis struct $name:ident {
        $( $(#[doc = $field_doc:literal])+ $field_vis:vis $field:ident $(as $key:literal)? : $type:ty ),* $(,)?
    }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        $vis struct $name { $( $(#[doc = $field_doc])+ $field_vis $field: $type ),* }

        impl $crate::data::Record for $name {
            const KEYS: &'static [$crate::data::KeyInfo] = &[ $( $crate::data::KeyInfo {
                name: $crate::record!(@key $field $($key)?),
                doc: concat!($($field_doc),+),
                expected: <$type as $crate::data::Read>::EXPECTED,
                required: <$type as $crate::data::Read>::REQUIRED,
                shape: <$type as $crate::data::Read>::shape,
            } ),* ];

            fn read_fields(fields: &mut $crate::data::Fields) -> Option<Self> {
                let mut keys = Self::KEYS.iter();
                $( let $field = fields.take::<$type>(keys.next().expect("one key for each field")); )*
                Some(Self { $( $field: $field? ),* })
            }
        }

        impl $crate::data::Read for $name {
            const EXPECTED: &'static str = concat!("the keys", $( " `", $crate::record!(@key $field $($key)?), "`" ),*);

            fn read(node: &$crate::data::Node, report: &mut $crate::diagnostic::Report) -> Option<Self> {
                let expected = <Self as $crate::data::Read>::EXPECTED;
                let mut fields = $crate::data::Fields::open(node, node.place.clone(), expected, report)?;
                let record = <Self as $crate::data::Record>::read_fields(&mut fields);
                fields.finish(&[<Self as $crate::data::Record>::KEYS]);
                record
            }

            fn shape() -> $crate::data::Shape {
                $crate::data::Shape::Keys(<Self as $crate::data::Record>::KEYS)
            }
        }
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
}

/// Declares an enum that is written as one of a few words.
#[macro_export]
macro_rules! choice {
    ($(#[doc = $doc:literal])* $vis:vis enum $name:ident {
        $( $(#[doc = $variant_doc:literal])+ $variant:ident = $word:literal ),* $(,)?
    }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $( $(#[doc = $variant_doc])+ $variant ),* }

        impl $name {
            /// All of them, in the order declared.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),* ];

            /// The word it is written with.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),* }
            }
        }

        impl $crate::data::Read for $name {
            const EXPECTED: &'static str = $crate::choice!(@list $($word)*);

            fn read(node: &$crate::data::Node, report: &mut $crate::diagnostic::Report) -> Option<Self> {
                $crate::data::read_choice(node, &[ $( ($word, Self::$variant) ),* ], report)
            }

            fn shape() -> $crate::data::Shape {
                $crate::data::Shape::Words(&[ $( ($word, concat!($($variant_doc),+)) ),* ])
            }
        }
    };
    (@list $first:literal $($word:literal)*) => { concat!("one of `", $first, "`" $(, ", `", $word, "`")*) };
}
