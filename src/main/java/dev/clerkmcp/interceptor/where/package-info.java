/**
 * Selects and counts the rows of a list by conditions that Clerk has no filter for. A condition
 * sees a row as the answer would show it, after secrets, private metadata and personal data are
 * masked, so that it tells no more than the rows themselves.
 */
@NullMarked
package dev.clerkmcp.interceptor.where;

import org.jspecify.annotations.NullMarked;
