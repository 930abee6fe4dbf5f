/** Holds the contract of Clerk's API: operations, schemas of requests and responses, errors. */
@NullMarked
package dev.clerkmcp.sandbox.openapi;

import org.jspecify.annotations.NullMarked;
