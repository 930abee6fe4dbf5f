/** Declarations of Clerk endpoints as tools, one interface per resource group; no code. */
@NullMarked
package dev.clerkmcp.tools;

import org.jspecify.annotations.NullMarked;
