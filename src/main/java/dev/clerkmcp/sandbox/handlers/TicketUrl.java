package dev.clerkmcp.sandbox.handlers;

/**
 * What lets its holder in; in the sandbox, a text that opens nothing.
 *
 * @param url where it would be handed in
 */
record TicketUrl(String token, String url) {
  /**
   * Makes a new one.
   *
   * @param what such as {@code invitation}
   */
  static TicketUrl of(HandlerContext instance, String what) {
    String token = instance.store().newSecret(what + "_ticket");
    return new TicketUrl(token, "https://accounts.sandbox.invalid/tickets/accept?ticket=" + token);
  }
}
