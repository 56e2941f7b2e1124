//! Settings, Team, Users.

use crate::kernel::console::by_name::Notice;
use crate::kernel::console::collection::Question;
use crate::kernel::console::dialog::DialogTexts;
use crate::kernel::console::list_view::ListTexts;

pub(crate) const LIST: ListTexts = ListTexts {
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

pub(crate) const NAME: &str = "Name";
pub(crate) const EMAIL: &str = "Email";
pub(crate) const ROLES: &str = "Roles";
pub(crate) const LAST_SIGN_IN: &str = "Last sign-in";
pub(crate) const STATUS: &str = "Status";
pub(crate) const ACTIVE: &str = "Active";
pub(crate) const INVITED: &str = "Invited";

pub(crate) const EMAIL_HELP: &str = "What the user signs in with. It cannot be changed later.";
pub(crate) const ROLES_HELP: &str = "Together they say what the user may do. Without a role, nothing.";
pub(crate) const NO_ROLES: &str = "There are no roles yet. Add one under Roles first.";
pub(crate) const ROLE_NOT_HELD: &str = "It gives permissions that you do not hold yourself, so you cannot assign it";

pub(crate) const OPEN_LINK_HELP: &str =
    "A link that is open stops working when the user is given another role. Make a new one then.";

pub(crate) const NEW_LINK: Question = Question {
    path: "invite",
    title: "New link",
    question: ("Make a new link with which", " can set a password?"),
    lead: "Links that were made before stop working. A password that is already set keeps working until the link is used. \
     The link stops working when the user is given more, and when you may no longer make it.",
    answer: "Make the link",
};

pub(crate) const INVITED_TITLE: &str = "Invitation link";
pub(crate) const LINK: &str = "Invitation link";

pub(crate) const DIALOGS: DialogTexts = DialogTexts {
    delete_question: ("Delete", "?"),
    ..DialogTexts::new(
        "Edit user",
        "Delete user",
        "Their sessions end at once and they can no longer sign in. API keys that they made keep working.",
    )
};

pub(crate) fn new_link(name: &str) -> String {
    format!("New link for {name}")
}

pub(crate) fn send_now(name: &str) -> String {
    format!("Send this link to {name} now.")
}

pub(crate) fn shown_once(until: &str) -> String {
    format!("It is shown this one time, works once, and ends on {until}.")
}
