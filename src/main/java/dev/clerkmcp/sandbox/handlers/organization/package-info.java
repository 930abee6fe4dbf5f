/** Handles organizations with their members, invitations, domains, roles and permissions. */
@NullMarked
package dev.clerkmcp.sandbox.handlers.organization;

import org.jspecify.annotations.NullMarked;
