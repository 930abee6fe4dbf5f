/**
 * The thin client of the Clerk Backend API: an endpoint and JSON in, JSON out. The only package
 * that knows HTTP.
 */
@NullMarked
package dev.clerkmcp.clerk;

import org.jspecify.annotations.NullMarked;
