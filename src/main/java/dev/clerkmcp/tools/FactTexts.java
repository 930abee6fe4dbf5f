package dev.clerkmcp.tools;

/**
 * Holds the texts that the facts of several operations share: what is lost, and why there is no
 * undo.
 */
final class FactTexts {
  static final String LINK_STOPS = "The link or token stops working";
  static final String INVITATION_STOPS = "The link in the invitation stops working";
  static final String CANNOT_SIGN_IN = "Cannot sign in until unbanned";
  static final String CANNOT_SIGN_IN_WITH_IT = "Its owner can no longer sign in with it";
  static final String CONNECTION_STOPS = "Users who sign in through it lose that way to sign in";
  static final String PROVISIONING_STOPS =
      "The identity provider can push no more users and groups";
  static final String PROVISIONING_NEEDS_KEY =
      "The identity provider can push nothing until it has the new key; the old one stops working";
  static final String MAPPING_STOPS = "Members of the group lose the role that it gives them";
  static final String APPLICATION_DOWN =
      "Everyone is signed out, and the application is down until DNS and keys are set";

  static final String REVOKED = "A revocation is permanent; to restore access, issue a new one.";
  static final String ISSUED = "It cannot be recalled once issued; it expires by itself.";
  static final String ROTATED =
      "The previous secret is gone, and Clerk never issues the same one again.";
  static final String USER_SETS_IT_UP = "Only the user can set it up again.";
  static final String USER_CONNECTS_IT = "Only the user can connect it again.";
  static final String IMAGE_DELETED =
      "Clerk does not give back a deleted image; it must be uploaded again from its file.";
  static final String DOMAIN_CHANGED =
      "Changing the domain back would be another change that signs everyone out, and needs its"
          + " DNS records; that is for a person in Clerk's Dashboard.";
  static final String BILLED =
      "An undo plan restores no payments or subscriptions; what was billed stays billed.";
  static final String ROLES_REPLACED =
      "Members who had the role have the other one; which members had it is not recorded.";
  static final String ROLE_SET_REPLACED =
      "The role set is gone, and which organizations had it is not recorded. They have the other one,"
          + " and members whose role was mapped have another role.";
  static final String CODE_SENT = "A code that was sent cannot be recalled; it expires by itself.";
  static final String CHECKED = "A check cannot be undone.";
  static final String STAYS_KNOWN = "Nothing was changed; what was shown or tested stays known.";
  static final String WAITLIST_DECIDED =
      "Clerk does not set a waitlist entry back to pending, and what was sent stays sent.";

  static final String NEW_INVITATION_LINK = "the former link; the new invitation has another.";
  static final String PROVISIONED =
      "its API key, and the users and groups that it had provisioned.";

  private FactTexts() {}
}
