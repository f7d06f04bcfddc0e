//! Chooses the output of each picture: label, size and id come from its name or from its class folder.

use std::collections::BTreeMap;
use std::collections::hash_map::{Entry, HashMap};

use stage_files::digest::{sha256, sha256_hex};
use stage_files::fixes::{Action, Fixes};
use stage_files::labels::LabelSet;
use stage_files::picture_name::PictureName;
use stage_files::rejected::Rejected;
use stage_files::text_name::{folded, same_name};
use stage_files::walk::PictureFile;

use crate::labels_in::LabelsIn;
use crate::naming::Naming;
use crate::remarks::{Remarks, outside_of};

/// A shard: one of N parts of the work, chosen by the digest of the output's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// The number of the shard, 1..=count.
    pub index: u64,
    /// The number of shards.
    pub count: u64,
}

impl Shard {
    /// Whether a name belongs to this shard.
    pub fn holds(self, name: &str) -> bool {
        Self::of(name, self.count) == self.index - 1
    }

    /// The shard of a name, from 0.
    pub(crate) fn of(name: &str, count: u64) -> u64 {
        u64::from_str_radix(&sha256_hex(name.as_bytes())[..16], 16).unwrap_or(0) % count
    }
}

impl std::str::FromStr for Shard {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((index, count)) if index >= 1 && index <= count => Ok(Self { index, count }),
            _ => Err(format!("expected I/N with I from 1 to N, such as 2/4, found `{text}`")),
        }
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// A picture and where it goes.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The source.
    pub found: PictureFile,
    /// Label, size and id.
    pub name: PictureName,
    /// The page of the source, from 0.
    pub page: usize,
}

impl Planned {
    /// Path of the output relative to the output folder: `{size}/{label}_{size}_{id}.png`.
    pub fn output(&self) -> String {
        format!("{}/{}", self.name.size, self.name.png_file_name())
    }

    /// A reason for rejecting it, with the page that it is about.
    pub(crate) fn reason(&self, reason: &str) -> String {
        if self.page == 0 { reason.to_owned() } else { format!("page {}: {reason}", self.page + 1) }
    }
}

/// What is to be done.
#[derive(Debug, Default)]
pub struct Plan {
    /// Each picture that has an output.
    pub pictures: Vec<Planned>,
    /// What there is to say about the names.
    pub(crate) remarks: Remarks,
}

/// Plans all pictures, which come in byte order of their names, each with the number of its pages that are taken. The
/// second page of `1_20_a.tif` becomes `1_20_a-p2`. What `fixes` drop has no output, and what they relabel gets a name
/// that no other picture has.
pub fn plan(
    pictures: Vec<(PictureFile, usize)>,
    labels: &LabelSet,
    size: Option<u8>,
    labels_in: Option<LabelsIn>,
    shard: Option<Shard>,
    fixes: Option<&mut Fixes>,
    rejected: &mut Vec<Rejected>,
) -> Plan {
    let in_shard = |name: &str| shard.is_none_or(|shard| shard.holds(name));
    let (pictures, pages): (Vec<PictureFile>, Vec<usize>) = pictures.into_iter().unzip();
    let numbers = number_by_folder(&pictures);
    let naming = Naming::of(&pictures, size, labels_in);
    let mut plan = Plan::default();
    if shard.is_none() {
        plan.pictures.reserve_exact(pages.iter().sum());
    }
    // By names as file systems see them that fold letters, so that no two outputs are one file anywhere.
    let mut owners = Owners::new();
    rejected.retain(|entry| in_shard(&folded(&entry.source)));
    for ((found, number), pages) in pictures.into_iter().zip(numbers).zip(pages) {
        let mut outside = None;
        let named = naming.name_of(&found, &digits_of(number, &found)).and_then(|name| {
            if labels.class_of(name.label).is_some() {
                return Ok(name);
            }
            outside = Some(name.label);
            Err(outside_of(labels, name.label))
        });
        if !in_shard(&shard_name(named.as_ref().ok(), &found)) {
            continue;
        }
        if let Some(label) = outside {
            *plan.remarks.outside.entry(label).or_default() += 1;
        }
        let name = match named {
            Ok(name) => name,
            Err(reason) => {
                rejected.push(Rejected { source: found.name, reason });
                continue;
            }
        };
        note(&mut plan.remarks, &naming, &found, &name);
        for page in 0..pages {
            let name = name.clone().with_page(page);
            let key = name.png_file_name();
            let planned = Planned { found: found.clone(), name, page };
            match owners.entry(owner_key(&key)) {
                Entry::Occupied(first) => {
                    let first: &Planned = &plan.pictures[*first.get() as usize];
                    let reason = planned.reason(&same_name(&key, &first.name.png_file_name(), &first.found.name));
                    rejected.push(Rejected { source: planned.found.name, reason });
                }
                Entry::Vacant(free) => {
                    free.insert(plan.pictures.len() as u32);
                    plan.pictures.push(planned);
                }
            }
        }
    }
    if let Some(fixes) = fixes {
        fix(&mut plan, fixes, labels, &mut owners, rejected);
    }
    plan
}

/// The shard, from 0, in which each picture and each rejected input is done: for every N of them, what [`plan`] does
/// with shard N.
pub(crate) fn shards(
    pictures: Vec<PictureFile>,
    labels: &LabelSet,
    size: Option<u8>,
    labels_in: Option<LabelsIn>,
    count: u64,
) -> Vec<(PictureFile, u64)> {
    let numbers = number_by_folder(&pictures);
    let naming = Naming::of(&pictures, size, labels_in);
    let shard = |(found, number): (PictureFile, Option<u32>)| {
        let named = naming
            .name_of(&found, &digits_of(number, &found))
            .ok()
            .filter(|name| labels.class_of(name.label).is_some());
        let shard = Shard::of(&shard_name(named.as_ref(), &found), count);
        (found, shard)
    };
    pictures.into_iter().zip(numbers).map(shard).collect()
}

/// The name that decides the shard: that of the output, or of the source that has none. Folded, so that names that are
/// one file somewhere meet in one shard.
fn shard_name(named: Option<&PictureName>, found: &PictureFile) -> String {
    folded(&named.map_or_else(|| found.name.clone(), PictureName::png_file_name))
}

/// Which planned picture has a name, by the name's [key](owner_key). There may be millions.
type Owners = HashMap<[u8; 16], u32>;

/// Stands for a name as file systems see it that fold letters: the beginning of a digest, so that it takes little room.
fn owner_key(name: &str) -> [u8; 16] {
    let digest = sha256(folded(name).as_bytes());
    std::array::from_fn(|i| digest[i])
}

/// Takes out what `fixes` drop, and gives what they relabel its new label. The id stays, unless another picture has the
/// new name: then the old label comes before the number, as in `3_20_kim-51` for `5_20_kim-1` beside `3_20_kim-1`.
fn fix(plan: &mut Plan, fixes: &mut Fixes, labels: &LabelSet, owners: &mut Owners, rejected: &mut Vec<Rejected>) {
    let pictures = std::mem::take(&mut plan.pictures);
    for mut planned in pictures {
        let was = planned.name.label;
        match fixes.decide(&planned.output(), Some(&planned.found.name), was) {
            Action::Keep => plan.pictures.push(planned),
            Action::Drop => {}
            Action::Relabel(label) if labels.class_of(label).is_none() => {
                let reason = planned.reason(&format!("fixes relabel it, and {}", outside_of(labels, label)));
                rejected.push(Rejected { source: planned.found.name, reason });
            }
            Action::Relabel(label) => {
                planned.name.label = label;
                let mut key = planned.name.png_file_name();
                while label != was && owners.contains_key(&owner_key(&key)) {
                    planned.name.id = with_old_label(&planned.name, was);
                    key = planned.name.png_file_name();
                }
                owners.insert(owner_key(&key), plan.pictures.len() as u32);
                plan.pictures.push(planned);
            }
        }
    }
    plan.pictures.sort_by(|a, b| (&a.found.name, a.page).cmp(&(&b.found.name, b.page)));
}

/// An id that also says the old label: before the number of a writer's picture, otherwise at the end.
fn with_old_label(name: &PictureName, was: u8) -> String {
    match name.writer() {
        Some(writer) => format!("{writer}-{was}{}", &name.id[writer.len() + 1..]),
        None => format!("{}_was{was}", name.id),
    }
}

fn note(remarks: &mut Remarks, naming: &Naming, found: &PictureFile, name: &PictureName) {
    let own = PictureName::parse_stem(found.stem());
    if own.is_ok_and(|own| own.size != name.size && (own.label, &own.id) == (name.label, &name.id)) {
        remarks.other_size.add(&found.name);
    }
    if naming.is_label_first(found) {
        remarks.label_first.add(&found.name);
    }
    if naming.has_other_digit(found, name.label) {
        remarks.other_digit.add(&found.name);
    }
}

/// The number of each picture in its folder: its place in the order of names, from 1, or `None` for the digits at the
/// end of its stem, if all pictures of the folder have different ones.
fn number_by_folder(pictures: &[PictureFile]) -> Vec<Option<u32>> {
    let mut folders: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
    for (at, found) in pictures.iter().enumerate() {
        folders.entry(&found.folders).or_default().push(at);
    }
    let mut numbers = vec![None; pictures.len()];
    for members in folders.values() {
        let tails: Vec<&str> = members.iter().map(|&at| trailing_digits(pictures[at].stem())).collect();
        let mut distinct = tails.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let useful = distinct.len() == tails.len() && tails.iter().all(|tail| !tail.is_empty());
        for (place, &at) in members.iter().enumerate().filter(|_| !useful) {
            numbers[at] = Some(place as u32 + 1);
        }
    }
    numbers
}

/// A number of [`number_by_folder`] in digits.
fn digits_of(number: Option<u32>, found: &PictureFile) -> String {
    number.map_or_else(|| trailing_digits(found.stem()).to_owned(), |place| place.to_string())
}

fn trailing_digits(stem: &str) -> &str {
    let digits = stem.bytes().rev().take_while(u8::is_ascii_digit).count();
    &stem[stem.len() - digits..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str) -> PictureFile {
        PictureFile::below("".as_ref(), name, 0)
    }

    fn outputs(names: &[&str], size: Option<u8>, shard: Option<Shard>) -> (Vec<String>, Vec<Rejected>) {
        let mut rejected = Vec::new();
        let pictures = names.iter().map(|name| (found(name), 1)).collect();
        let plan = plan(pictures, &"1-5".parse().unwrap(), size, None, shard, None, &mut rejected);
        (plan.pictures.iter().map(Planned::output).collect(), rejected)
    }

    #[test]
    fn names_and_class_folders_give_outputs() {
        let (all, rejected) = outputs(&["1/x.png", "2_20_a.png", "kim/3/p-07.png", "kim/3/p-1.png"], Some(20), None);
        assert_eq!(all, ["20/1_20_x.png", "20/2_20_a.png", "20/3_20_kim-07.png", "20/3_20_kim-1.png"]);
        assert!(rejected.is_empty());
        let (all, _) = outputs(&["kim/left/3/p-7.png"], Some(20), None);
        assert_eq!(all, ["20/3_20_kim_left-7.png"]);
        let (all, _) = outputs(&["kim/3/a1.png", "kim/3/b.png"], Some(20), None);
        assert_eq!(all, ["20/3_20_kim-1.png", "20/3_20_kim-2.png"]);
    }

    #[test]
    fn each_page_has_a_name_of_its_own() {
        let pictures = ["1_20_kim-3.png", "1_20_lee-p2.png", "1_20_lee.png"].map(|name| (found(name), 3));
        let mut rejected = Vec::new();
        let plan = plan(pictures.into(), &"1-5".parse().unwrap(), None, None, None, None, &mut rejected);
        let outputs: Vec<String> = plan.pictures.iter().map(Planned::output).collect();
        let of_lee = ["lee-p2", "lee-p2-p2", "lee-p2-p3", "lee", "lee-p3"].map(|id| format!("20/1_20_{id}.png"));
        assert_eq!(outputs[..3], ["20/1_20_kim-3.png", "20/1_20_kim-3-p2.png", "20/1_20_kim-3-p3.png"]);
        assert_eq!(outputs[3..], of_lee);
        assert!(plan.pictures[..3].iter().all(|planned| planned.name.writer() == Some("kim")));
        let reason = &rejected[0].reason;
        assert!(rejected.len() == 1 && reason.starts_with("page 2: ") && reason.contains("lee-p2"), "{reason}");
    }

    #[test]
    fn what_cannot_be_placed_is_rejected_with_the_way_out() {
        let (all, rejected) = outputs(
            &["1/x.png", "3/1_20_a.png", "7_20_a.png", "a/1_20_b.png", "b/1_20_b.png", "photo.png"],
            None,
            None,
        );
        assert_eq!(all, ["20/1_20_b.png"]);
        let reasons: Vec<&str> = rejected.iter().map(|r| r.reason.as_str()).collect();
        let parts = ["--size", "folder 3", "outside the label set 1-5", "which a/1_20_b.png has", "name without label"];
        for (reason, part) in reasons.iter().zip(parts) {
            assert!(reason.contains(part), "{reason}");
        }
        assert_eq!(reasons.len(), 5);
    }

    #[test]
    fn shards_part_the_pictures_without_loss() {
        let names: Vec<String> = (0..40).map(|n| format!("1_20_{n}.png")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut union: Vec<String> = Vec::new();
        for index in 1..=3 {
            union.extend(outputs(&names, None, Some(Shard { index, count: 3 })).0);
        }
        union.sort();
        let mut whole = outputs(&names, None, None).0;
        whole.sort();
        assert_eq!(union, whole);
        for bad in ["0/2", "3/2", "1", "a/b", "1/0"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
    }
}
