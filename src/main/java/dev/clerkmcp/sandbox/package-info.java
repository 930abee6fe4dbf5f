/** Imitates Clerk in memory, behind an OkHttp interceptor, for use without a Clerk account. */
@NullMarked
package dev.clerkmcp.sandbox;

import org.jspecify.annotations.NullMarked;
