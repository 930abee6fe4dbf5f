/** What each operation of Clerk's API does to the sandbox's world, a class for each resource. */
@NullMarked
package dev.clerkmcp.sandbox.handlers;

import org.jspecify.annotations.NullMarked;
