/** What Clerk's API looks like: its operations, the objects they answer, the way they refuse. */
@NullMarked
package dev.clerkmcp.sandbox.openapi;

import org.jspecify.annotations.NullMarked;
