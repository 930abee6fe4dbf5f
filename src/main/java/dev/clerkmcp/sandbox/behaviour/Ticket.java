package dev.clerkmcp.sandbox.behaviour;

/**
 * What lets its holder in; in the sandbox, a text that opens nothing.
 *
 * @param url where it would be handed in
 */
record Ticket(String token, String url) {
  /**
   * Makes a new one.
   *
   * @param what such as {@code invitation}
   */
  static Ticket of(Instance instance, String what) {
    String token = instance.world().newSecret(what + "_ticket");
    return new Ticket(token, "https://accounts.sandbox.invalid/tickets/accept?ticket=" + token);
  }
}
