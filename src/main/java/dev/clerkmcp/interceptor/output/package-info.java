/** Makes answers small, and honest about what they leave out: views, fields, budget and pages. */
@NullMarked
package dev.clerkmcp.interceptor.output;

import org.jspecify.annotations.NullMarked;
