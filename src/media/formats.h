/*
 * media/formats.h - the formats that formats.c lists
 *
 * Each is defined in a folder of its own.
 */
#ifndef MEDIA_FORMATS_H
#define MEDIA_FORMATS_H

struct media_format;

extern const struct media_format media_format_aiff;
extern const struct media_format media_format_avi;
extern const struct media_format media_format_cineon;
extern const struct media_format media_format_dpx;
extern const struct media_format media_format_exr;
extern const struct media_format media_format_es;
extern const struct media_format media_format_matroska;
extern const struct media_format media_format_isobmff;
extern const struct media_format media_format_mpegts;
extern const struct media_format media_format_mxf;
extern const struct media_format media_format_tiff;
extern const struct media_format media_format_wav;

#endif
