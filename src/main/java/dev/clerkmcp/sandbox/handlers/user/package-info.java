/** Users with their sessions and tokens, and how people get in: invitations, waitlist, lists. */
@NullMarked
package dev.clerkmcp.sandbox.handlers.user;

import org.jspecify.annotations.NullMarked;
