# Govblog with base R: fetches two tables by plain URLs, plots them, and cites what is shown. Needs no package.
#
#   GOVBLOG_URL=http://localhost:4000 Rscript govblog.R      writes govblog.png into the folder it is run in

govblog <- sub("/+$", "", Sys.getenv("GOVBLOG_URL", "http://localhost:4000"))

# All text behind a URL; what the server refuses ends the script with its status.
text_at <- function(url) {
  connection <- url(url, encoding = "UTF-8")
  on.exit(close(connection))
  paste(readLines(connection, warn = FALSE), collapse = "\n")
}

# The text between the quotes of a simple JSON member, such as "snapshot": "20111231-0a1b". NA where there is none.
# R's base has no reader of JSON; with the package jsonlite, fromJSON(url) gives all of it.
json_text <- function(json, name) {
  found <- regmatches(json, regexec(sprintf('"%s":\\s*"([^"\\\\]*)"', name), json))[[1]]
  if (length(found) == 2) found[2] else NA_character_
}

# --- One snapshot for everything: whatever names it gives the same numbers today and next year -----------------------------

package <- text_at(paste0(govblog, "/datapackage.json"))
snapshot <- json_text(package, "version")
title <- json_text(package, "title")
part <- sub(".*\"snapshot\":\\s*(\\{[^}]*\\}).*", "\\1", package)
from <- json_text(part, "from")
to <- json_text(part, "to")
cat(sprintf("Snapshot %s, %s to %s.\n%s\n\n", snapshot, from, to, title))

address <- function(form, fields, ...) {
  sprintf("%s/activity.%s?fields=%s&from=%s&to=%s%s&snapshot=%s", govblog, form, fields, from, to, paste0(..., ""), snapshot)
}

unit_of <- function(measure) {
  query <- URLencode("{ dataset { cubes { name measures { name unit } } } }", reserved = TRUE)
  cubes <- text_at(sprintf("%s/graphql?query=%s", govblog, query))
  activity <- sub(".*?\"name\":\"activity\"", "", cubes, perl = TRUE)
  json_text(sub(sprintf(".*?\"name\":\"%s\"", measure), "", activity, perl = TRUE), "unit")
}

# --- Fetch. An empty cell is NA, "not collected"; 0 is none. Codes are text: numbers would lose a leading zero -------------

growth <- read.csv(address("csv", "month,accounts,activeAccounts"))
growth$month <- as.Date(growth$month)

top <- "&orderBy=-posts&limit=15"
regions <- read.csv(
  address("csv", "region,posts,estimate.95.commentsPerPost", top),
  colClasses = c(region = "character"), check.names = FALSE, encoding = "UTF-8"
)

# --- Plot, with units and period -------------------------------------------------------------------------------------------

png("govblog.png", width = 1200, height = 560, res = 100)
par(mfrow = c(1, 2), oma = c(0, 0, 3, 0))

plot(growth$month, growth$accounts,
  type = "l", lwd = 2, ylim = c(0, max(growth$accounts, na.rm = TRUE)),
  main = "Accounts, month by month", xlab = "", ylab = unit_of("accounts")
)
lines(growth$month, growth$activeAccounts, lwd = 2, lty = 2)
legend("topleft", legend = c("all", "active"), lty = c(1, 2), lwd = 2, bty = "n")

measure <- "estimate.95.commentsPerPost"
lower <- regions[[paste0(measure, ".lower")]]
upper <- regions[[paste0(measure, ".upper")]]
known <- which(!is.na(lower) & !is.na(upper))
if (length(known) == 0) stop("No region has posts of two or more accounts in this period, so there is no interval to plot.")
label <- ifelse(is.na(regions$regionName) | regions$regionName == "", "(no region)", regions$regionName)
par(mar = c(5, 9, 4, 2))
plot(regions[[measure]][known], rev(seq_along(known)),
  pch = 19, xlim = range(lower[known], upper[known]), yaxt = "n",
  main = "Comments per post, 95 % intervals", xlab = unit_of("commentsPerPost"), ylab = ""
)
segments(lower[known], rev(seq_along(known)), upper[known], rev(seq_along(known)))
axis(2, at = rev(seq_along(known)), labels = label[known], las = 1)

mtext(title, outer = TRUE, line = 1.2, cex = 0.8)
mtext(sprintf("%s to %s, snapshot %s", from, to, snapshot), outer = TRUE, line = 0)
invisible(dev.off())

# --- Cite: the JSON form of a table carries the hashes that a citation names -----------------------------------------------

permalink <- address("json", "region,posts,estimate.95.commentsPerPost", top)
answer <- text_at(permalink)
citation <- bibentry("Misc",
  key = paste0("govblog-", substr(json_text(answer, "queryId"), 1, 12)),
  title = title, author = person(family = "Govblog"), year = substr(json_text(package, "created"), 1, 4),
  howpublished = paste("Data set, snapshot", snapshot), url = permalink,
  note = sprintf("query %s, sha256 of the result %s", json_text(answer, "queryId"), json_text(answer, "resultHash"))
)
print(citation, style = "text")
print(toBibtex(citation))
