#include "media/matroska/ids.h"

#include <stddef.h>

struct name {
    uint32_t id;
    bool is_master;
    const char *name;
};

/* RFC 9559, 5.1: those that a walk of the tree names. */
static const struct name names[] = {
    {ID_EBML, true, "EBML"},
    {ID_DOC_TYPE, false, "DocType"},
    {ID_VOID, false, "Void"},
    {ID_CRC32, false, "CRC-32"},
    {ID_SEGMENT, true, "Segment"},
    {ID_SEEK_HEAD, true, "SeekHead"},
    {ID_SEEK, true, "Seek"},
    {ID_SEEK_ID, false, "SeekID"},
    {ID_SEEK_POSITION, false, "SeekPosition"},
    {ID_INFO, true, "Info"},
    {ID_TIMESTAMP_SCALE, false, "TimestampScale"},
    {ID_DURATION, false, "Duration"},
    {ID_DATE_UTC, false, "DateUTC"},
    {ID_TITLE, false, "Title"},
    {ID_MUXING_APP, false, "MuxingApp"},
    {ID_WRITING_APP, false, "WritingApp"},
    {ID_CLUSTER, true, "Cluster"},
    {ID_TIMESTAMP, false, "Timestamp"},
    {ID_POSITION, false, "Position"},
    {ID_PREV_SIZE, false, "PrevSize"},
    {ID_SIMPLE_BLOCK, false, "SimpleBlock"},
    {ID_BLOCK_GROUP, true, "BlockGroup"},
    {ID_BLOCK, false, "Block"},
    {ID_BLOCK_ADDITIONS, true, "BlockAdditions"},
    {ID_BLOCK_MORE, true, "BlockMore"},
    {ID_BLOCK_ADD_ID, false, "BlockAddID"},
    {ID_BLOCK_ADDITIONAL, false, "BlockAdditional"},
    {ID_BLOCK_DURATION, false, "BlockDuration"},
    {ID_REFERENCE_BLOCK, false, "ReferenceBlock"},
    {ID_DISCARD_PADDING, false, "DiscardPadding"},
    {ID_TRACKS, true, "Tracks"},
    {ID_TRACK_ENTRY, true, "TrackEntry"},
    {ID_TRACK_NUMBER, false, "TrackNumber"},
    {ID_TRACK_UID, false, "TrackUID"},
    {ID_TRACK_TYPE, false, "TrackType"},
    {ID_DEFAULT_DURATION, false, "DefaultDuration"},
    {ID_BLOCK_ADDITION_MAPPING, true, "BlockAdditionMapping"},
    {ID_NAME, false, "Name"},
    {ID_LANGUAGE, false, "Language"},
    {ID_CODEC_ID, false, "CodecID"},
    {ID_CODEC_PRIVATE, false, "CodecPrivate"},
    {ID_VIDEO, true, "Video"},
    {ID_COLOUR, true, "Colour"},
    {ID_MASTERING, true, "MasteringMetadata"},
    {ID_PROJECTION, true, "Projection"},
    {ID_AUDIO, true, "Audio"},
    {ID_CONTENT_ENCODINGS, true, "ContentEncodings"},
    {ID_CONTENT_ENCODING, true, "ContentEncoding"},
    {ID_CONTENT_COMPRESSION, true, "ContentCompression"},
    {ID_CONTENT_ENCRYPTION, true, "ContentEncryption"},
    {ID_CUES, true, "Cues"},
    {ID_CUE_POINT, true, "CuePoint"},
    {ID_ATTACHMENTS, true, "Attachments"},
    {ID_ATTACHED_FILE, true, "AttachedFile"},
    {ID_FILE_NAME, false, "FileName"},
    {ID_FILE_DATA, false, "FileData"},
    {ID_CHAPTERS, true, "Chapters"},
    {ID_EDITION_ENTRY, true, "EditionEntry"},
    {ID_CHAPTER_ATOM, true, "ChapterAtom"},
    {ID_CHAPTER_DISPLAY, true, "ChapterDisplay"},
    {ID_TAGS, true, "Tags"},
    {ID_TAG, true, "Tag"},
    {ID_TARGETS, true, "Targets"},
    {ID_SIMPLE_TAG, true, "SimpleTag"},
};

static const struct name *find(uint32_t id)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (names[i].id == id)
            return &names[i];
    return NULL;
}

bool matroska_is_top_level(uint32_t id)
{
    return id == ID_EBML || id == ID_SEGMENT || id == ID_SEEK_HEAD ||
           id == ID_INFO || id == ID_CLUSTER || id == ID_TRACKS ||
           id == ID_CUES || id == ID_ATTACHMENTS || id == ID_CHAPTERS ||
           id == ID_TAGS;
}

bool matroska_is_in_cluster(uint32_t id)
{
    return id == ID_TIMESTAMP || id == ID_SILENT_TRACKS || id == ID_POSITION ||
           id == ID_PREV_SIZE || id == ID_SIMPLE_BLOCK ||
           id == ID_BLOCK_GROUP || id == ID_ENCRYPTED_BLOCK || id == ID_VOID ||
           id == ID_CRC32;
}

bool matroska_is_master(uint32_t id)
{
    const struct name *name = find(id);
    return name != NULL && name->is_master;
}

const char *matroska_name(uint32_t id)
{
    const struct name *name = find(id);
    return name == NULL ? NULL : name->name;
}
