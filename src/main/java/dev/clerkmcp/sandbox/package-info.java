/** An in-memory Clerk behind an OkHttp interceptor; above the client nobody can tell. */
@NullMarked
package dev.clerkmcp.sandbox;

import org.jspecify.annotations.NullMarked;
