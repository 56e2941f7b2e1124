//! Settings, Team, Users.

use crate::console::by_name::Notice;
use crate::console::collection::Question;
use crate::console::dialog::DialogTexts;
use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
    title: "Users",
    lead: "People who sign in to this console.",
    icon: "user",
    add: "Add user",
    name: NAME,
    none_yet: ("No user matches", "Try fewer letters of the name."),
    no_match: ("No user matches", "Try fewer letters of the name."),
    show_all: "Show all users",
    notice: |notice| match notice {
        Notice::Edited => Some("The user was saved. What it may do is in force from its next request."),
        Notice::Deleted => Some("The user was deleted. Its sessions have ended."),
        Notice::Created | Notice::Rotated => None,
    },
};

pub const NAME: &str = "Name";
pub const EMAIL: &str = "Email";
pub const ROLES: &str = "Roles";
pub const LAST_SIGN_IN: &str = "Last sign-in";
pub const STATUS: &str = "Status";
pub const ACTIVE: &str = "Active";
pub const INVITED: &str = "Invited";

pub const EMAIL_HELP: &str = "What the user signs in with. It cannot be changed later.";
pub const ROLES_HELP: &str = "Together they say what the user may do. Without a role, nothing.";
pub const NO_ROLES: &str = "There are no roles yet. Add one under Roles first.";
pub const ROLE_NOT_HELD: &str = "It gives permissions that you do not hold yourself, so you cannot assign it";

pub const OPEN_LINK_HELP: &str =
    "A link that is open stops working when the user is given another role. Make a new one then.";

pub const NEW_LINK: Question = Question {
    path: "invite",
    title: "New link",
    question: ("Make a new link with which", " can set a password?"),
    lead: "Links that were made before stop working. A password that is already set keeps working until the link is used. \
     The link stops working when the user is given more, and when you may no longer make it.",
    answer: "Make the link",
};

pub const INVITED_TITLE: &str = "Invitation link";
pub const LINK: &str = "Invitation link";

pub const DIALOGS: DialogTexts = DialogTexts {
    delete_question: ("Delete", "?"),
    ..DialogTexts::new(
        "Edit user",
        "Delete user",
        "Their sessions end at once and they can no longer sign in. API keys that they made keep working.",
    )
};

pub fn new_link(name: &str) -> String {
    format!("New link for {name}")
}

pub fn send_now(name: &str) -> String {
    format!("Send this link to {name} now.")
}

pub fn shown_once(until: &str) -> String {
    format!("It is shown this one time, works once, and ends on {until}.")
}
