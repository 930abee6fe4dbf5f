/** Decides which harm a request can do, so that a person can be asked before. */
@NullMarked
package dev.clerkmcp.interceptor.risk;

import org.jspecify.annotations.NullMarked;
