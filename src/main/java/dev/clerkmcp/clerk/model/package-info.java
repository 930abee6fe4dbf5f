/**
 * Interprets Clerk's objects, read from the JSON as Clerk sent it: users, email addresses, roles,
 * and the fields that need care. Every other package asks here instead of reading such fields
 * itself.
 */
@NullMarked
package dev.clerkmcp.clerk.model;

import org.jspecify.annotations.NullMarked;
