@node "%~dp0scripts\otj.js" %*
