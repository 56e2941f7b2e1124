//! What the mission promises for every URL, by its number.

mod d1_one_thing_presented;
mod d4_external_systems_stay_within_themselves;
mod d4_nobody_gives_what_they_lack;
mod d5_nobody_is_locked_out;
mod d6_what_a_rejected_caller_learns;
mod d8_an_upgrade_gives_nothing;
mod origin_of_changes;
