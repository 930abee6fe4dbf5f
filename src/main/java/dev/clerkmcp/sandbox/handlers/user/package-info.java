/** Handles users with their sessions, tokens, invitations, waitlist, allowlist and blocklist. */
@NullMarked
package dev.clerkmcp.sandbox.handlers.user;

import org.jspecify.annotations.NullMarked;
