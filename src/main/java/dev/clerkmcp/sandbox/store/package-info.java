/** What the sandbox's instance holds: objects in tables, the clock, all-or-nothing changes. */
@NullMarked
package dev.clerkmcp.sandbox.store;

import org.jspecify.annotations.NullMarked;
