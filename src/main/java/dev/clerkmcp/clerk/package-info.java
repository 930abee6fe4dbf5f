/**
 * Calls Clerk's Backend API: an endpoint and JSON in, JSON out, with rate limiting and retries.
 * Besides the sandbox, the only package that uses HTTP.
 */
@NullMarked
package dev.clerkmcp.clerk;

import org.jspecify.annotations.NullMarked;
