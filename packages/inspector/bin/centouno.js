#!/usr/bin/env node
// Written by hand, so that it is there, and executable, when npm links it: on a fresh clone that is before the build.
import '../dist/command/main.js'
