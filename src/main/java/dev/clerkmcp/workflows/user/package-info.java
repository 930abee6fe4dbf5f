/**
 * Composed tools about users: overview, sign-out, offboarding, duplicates. {@link
 * dev.clerkmcp.workflows.user.UserWorkflows} lists and updates users.
 */
@NullMarked
package dev.clerkmcp.workflows.user;

import org.jspecify.annotations.NullMarked;
